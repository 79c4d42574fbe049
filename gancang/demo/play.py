"""`gancang demo`: load a pack, make a day, serve it, and let its people act."""

from __future__ import annotations

import logging
import random
import sys
import threading
import webbrowser
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from django.db import OperationalError, connections, transaction
from django.utils import timezone

from gancang import packs
from gancang.accounts.queries import list_demo_people
from gancang.demo import actors, cases, desks, goods, people, warungs
from gancang.demo.meals import week_of_meals
from gancang.fleet.queries import get_rider
from gancang.live import serve
from gancang.medicine import actions as medicine
from gancang.medicine.actions import Counter
from gancang.medicine.counselling import TOPICS, Counselling
from gancang.programmes.queries import get_programme, terms_of
from gancang.reach.queries import Door, atlas_of
from gancang.reach.rules import DIRECT
from gancang.regions.pack import read_pack
from gancang.regions.queries import (
    get_region,
    get_tariff,
    list_organisations,
    today_in,
    villages_by_code,
)
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region, Village
    from gancang.regions.pack import Pack

log = logging.getLogger(__name__)
PRESCRIPTIONS = 60
AT_ONCE = 30  # placed before the doors open; the others come in while one looks on
RELEASED = 22
STEP_S = 2.0


def run(*, port: int, pack: Path, still: bool, browser: bool, prescriptions: int) -> None:
    """Make the demonstration (again, it goes on where it stopped) and serve it."""
    told = at_ease(read_pack(pack))
    packs.take_in(told, by="demo", now=timezone.now())
    stage, riders = set_up(get_region(told.region.code), prescriptions, still=still)
    _say(port)
    if browser:
        threading.Timer(1.5, webbrowser.open, [f"http://127.0.0.1:{port}/"]).start()
    with _acting(stage, riders, still=still):
        serve.run("127.0.0.1", port, 1)


def at_ease(pack: Pack) -> Pack:
    """The pack without the pharmacist's pause: whoever looks on need not wait for it."""
    desk = {**pack.region.config["desk"], "pause_seconds": 0}
    region = replace(pack.region, config={**pack.region.config, "desk": desk})
    return replace(pack, region=region)


def set_up(
    region: Region, prescriptions: int = PRESCRIPTIONS, *, still: bool = False
) -> tuple[actors.Stage, list[User]]:
    """The day's beginning: people hired, half of the prescriptions placed, most released.

    On a still day no rider is at work but those whom somebody plays.
    """
    now = timezone.now()
    is_first = not list_demo_people()
    riders = people.hire(region, at_work=not still, now=now)
    known = {m.user.username: m.user for m in list_demo_people()}
    pharmacist = known["rini"]
    if is_first and not still:
        _fill_desks(region, known, riders, now=now)
    hospital = list_organisations(region, ["hospital"])[0]
    counter = Counter(origin=hospital, door="form", by="wati")
    villages = list(villages_by_code(region).values())
    today = today_in(region, now)
    drafts = people.patients(
        villages,
        prescriptions,
        near=_near(hospital, villages, now=now),
        seed=int(f"{today:%Y%m%d}"),
        today=today,
    )
    at_once = prescriptions * AT_ONCE // PRESCRIPTIONS
    placed = medicine.place_all(drafts[:at_once], counter, now=now)
    told = Counselling(channel="counter", told_to="patient", topics=tuple(TOPICS))
    for order in placed[: prescriptions * RELEASED // PRESCRIPTIONS]:
        if order.state == "placed":
            actors.release(order, told, pharmacist, now=now)
    town = None if still else _town(region, known, riders)
    stage = actors.Stage(random.Random(), drafts[at_once:], counter, pharmacist, town)
    return stage, riders


def _fill_desks(
    region: Region, known: Mapping[str, User], riders: Sequence[User], *, now: datetime
) -> None:
    """Something living at the desk of everybody. What a pack's data forbid is left out."""
    couriers = [get_rider(known["tini"]), get_rider(known["toni"])]
    officer, treasurer, village = known["dian"], known["hadi"], known["wahid"]
    home = village.memberships.get().organisation
    assert home is not None, "wahid"
    at_desks = desks.People(
        officer=officer,
        nurse=known["ratna"],
        buyer=known["ningsih"],
        auditor=known["lestari"],
        treasurer=treasurer,
    )
    senders = goods.Desks(
        sender=known["ningsih"],
        riders=riders,
        operator=known["yanti"],
        officer=officer,
        village=village,
    )
    parts: list[Callable[..., None]] = [
        partial(week_of_meals, home, couriers, officer=officer, treasurer=treasurer),
        partial(goods.papers_to_doors, region, senders),
    ]
    if stall := known.get("sri"):  # a region without kitchens has nobody to sell either
        staff = cases.Staff(officer=officer, treasurer=treasurer, stall=stall)
        parts += cases.parts_of(home, staff)
    if town := _town(region, known, riders):
        parts.append(partial(warungs.evening, region, town))
    # The month is asked to be closed when all that happened in it is written.
    for part in (*parts, *desks.parts_of(region, at_desks, home)):
        try:
            with transaction.atomic():
                part(now=now)
        except Refused as refusal:
            log.warning("a desk of the demonstration stays empty: %s", refusal)


def _town(region: Region, known: Mapping[str, User], riders: Sequence[User]) -> warungs.Town | None:
    """Who lets people order food; None in a region without kitchens."""
    if "sri" not in known:
        return None
    return warungs.Town(
        officer=known["dian"],
        operator=known["yanti"],
        riders=riders,
        village_clerk=known["wahid"],
        stall=known["sri"],
        near=warungs.villages_around(region, 8),
    )


def _near(hospital: Organisation, villages: Sequence[Village], *, now: datetime) -> set[str]:
    """The villages to which somebody rides at once; the others show the rounds."""
    region = hospital.region
    terms = terms_of(get_programme(region, medicine.PROGRAMME))
    tariff = get_tariff(region, terms.tariff, on=today_in(region, now))
    atlas = atlas_of(region, now=now)
    found = {
        village.code: atlas.answers_for(Door(village=village), terms, tariff, origin=hospital)
        for village in villages
    }
    return {code for code, told in found.items() if told.chosen and told.chosen.way.kind == DIRECT}


def _say(port: int) -> None:
    lines = [f"Gancang demonstration: http://127.0.0.1:{port}/", f"Password: {people.PASSWORD}"]
    lines += [f"  {m.user.username:10} {m.get_role_display()}" for m in list_demo_people()]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


@contextmanager
def _acting(stage: actors.Stage, riders: list[User], *, still: bool) -> Iterator[None]:
    if still:
        yield
        return
    ended = threading.Event()

    def act() -> None:
        while not ended.wait(STEP_S):
            try:
                actors.step(stage, riders, now=timezone.now())
            except OperationalError:
                log.warning("the actors could not reach the database; they try again")
                connections.close_all()
        connections.close_all()

    thread = threading.Thread(target=act, name="demo")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
