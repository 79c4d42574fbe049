"""What waits at the desks of the demonstration: reports, cases, a draft to approve, a sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from gancang.closing.actions import ask_to_close
from gancang.closing.queries import month_to_close, open_differences
from gancang.enrolment import needs
from gancang.fulfilment import actions as fulfilment
from gancang.fulfilment.actions import Draft as Planned
from gancang.fulfilment.rules import Rhythm
from gancang.inspection import actions as inspection
from gancang.inspection.queries import Wanted
from gancang.programmes import approving, drafting, drafts, trials
from gancang.programmes.queries import get_programme
from gancang.purchases import actions as purchases
from gancang.purchases.actions import Bought
from gancang.regions.queries import list_organisations, today_in
from gancang.residents.actions import KnownFact, Particulars, register_all
from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region, Village

OVERDUE = timedelta(hours=5)
TIMES_A_MONTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who sits at which desk."""

    officer: User
    nurse: User
    buyer: User
    auditor: User
    treasurer: User


def parts_of(region: Region, people: People, home: Organisation) -> list[Callable[..., None]]:
    """Something for each desk, each for itself; `home`: the health centre of the village clerk."""
    assert home.village is not None, home.code
    return [
        partial(_neighbours_in_need, home.village),
        partial(_visits, region, people),
        partial(_purchases, region, people),
        partial(_draft_to_approve, region, people.officer),
        partial(_sample, region, people.auditor),
        partial(_month_to_close, region, people.treasurer),
    ]


def _month_to_close(region: Region, treasurer: User, *, now: datetime) -> None:
    """The treasurer stands for the last month; a second person closes it."""
    reasons = dict.fromkeys(open_differences(region), "Menunggu jawaban bank, dicatat bulan ini.")
    ask_to_close(region, month_to_close(region, now=now), reasons, by=treasurer, now=now)


def _sample(region: Region, auditor: User, *, now: datetime) -> None:
    today = today_in(region, now)
    wanted = Wanted(first=today.replace(month=1, day=1), last=today)
    inspection.draw(region, wanted, size=10, by=auditor, now=now)


def _neighbours_in_need(village: Village, *, now: datetime) -> None:
    late = needs.Told(village=village, words="Pak Karto, RT 04, tiga hari tidak keluar rumah.")
    needs.report(late, now=now - OVERDUE)
    fresh = needs.Told(village=village, words="Nenek di ujung gang musala, atapnya bocor.")
    needs.report(fresh, now=now - timedelta(minutes=40))


def _visits(region: Region, people: People, *, now: datetime) -> None:
    """Two people whom the nurse visits today."""
    programme, today = get_programme(region, "jemput-bola"), today_in(region, now)
    centre = people.nurse.memberships.get().organisation
    assert centre is not None, people.nurse
    assert centre.village is not None, centre.code
    known = {
        name: KnownFact(value=True, source="verifikasi desa", as_of=today)
        for name in ("needs_home_care", "local_list", "lives_alone")
    }
    ill = [
        Particulars(
            full_name=name,
            village=centre.village,
            address=f"Dusun Sumber RT {number:02d}/RW 01",
            birth_date=today.replace(year=1955, month=number, day=1),
            facts=known,
        )
        for number, name in enumerate(("Bu Rukmini", "Pak Darmo"), 1)
    ]
    for resident in register_all(ill, region=region, now=now):
        planned = Planned(
            programme=programme,
            performer=centre,
            rhythm=Rhythm(first=today, last=today),
            person=resident.pk,
        )
        fulfilment.plan(planned, by=people.nurse.username, now=now)


def _purchases(region: Region, people: People, *, now: datetime) -> None:
    office = people.buyer.memberships.get().organisation
    assert office is not None, people.buyer
    for number, kitchen in enumerate(list_organisations(region, ["kitchen"])[:2], 1):
        told = Bought(
            seller=kitchen,
            on=today_in(region, now),
            what="Nasi kotak rapat",
            amount=Money(350_000 + 25_000 * number),
            receipt=f"N-{number:03d}",
        )
        purchases.buy(office, told, by=people.buyer, now=now)


def _draft_to_approve(region: Region, officer: User, *, now: datetime) -> None:
    """The next version of Rantang Kasih, with more places: tried, and waiting for two."""
    row, on = get_programme(region, "rantang-kasih"), today_in(region, now)
    told: dict[str, Any] = {**drafts.told_anew(row), "active_from": on.isoformat()}
    told["capacity"] = told.get("capacity", 0) + 100
    draft = drafting.begin(told, region=region, by=officer, now=now, based_on=row)
    trial = approving.ask_trial(draft, times=TIMES_A_MONTH, by=officer, on=on, now=now)
    trials.run(trial.pk, go_on=lambda: None, clock=lambda: now)
    approving.submit(draft, seen=draft.saves, by=officer, on=on, now=now)
