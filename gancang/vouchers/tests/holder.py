"""Somebody who is enrolled in the pack's programme of vouchers, and a shop that takes them."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from gancang.cards.queries import printed_codes
from gancang.enrolment.actions import Deed, apply_all
from gancang.enrolment.models import Enrolment
from gancang.regions.queries import today_in
from gancang.residents.actions import KnownFact, Particulars, register_all
from tests.cast import client_of

if TYPE_CHECKING:
    from gancang.residents.models import Resident
    from tests.cast import Cast

PROGRAMME = "kupon-belanja"
BORN = "09-03-1951"


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def poor(cast: Cast, *names: str, phone: str = "") -> list[Resident]:
    """People of the poverty list, enrolled in the programme of vouchers."""
    today = today_in(cast.region, now())
    people = register_all(
        [
            Particulars(
                full_name=name,
                village=cast.village,
                address=f"Dusun Krajan RT {number:02}",
                birth_date=date(1951, 3, 9),
                phone=phone,
                facts={"local_list": KnownFact(True, "desa", today)},
            )
            for number, name in enumerate(names)
        ],
        region=cast.region,
        now=now(),
    )
    deed = Deed(by=cast.officer.username, now=now())
    for person in people:
        row = apply_all([person.pk], PROGRAMME, cast.region, deed)[0]
        assert isinstance(row, Enrolment), row
        if row.state != "enrolled":
            papers = {"papers": "Kartu Keluarga"}
            client_of(cast.officer).post(f"/enrolment/{row.code}/look", papers)
            row.refresh_from_db()
        assert row.state == "enrolled", row.state
    return people


def given(cast: Cast) -> None:
    """The officer gives the balances of the running cycle."""
    assert client_of(cast.officer).post("/vouchers/").status_code == 302


def card_of(cast: Cast, person: Resident) -> str:
    """The code on somebody's card."""
    return printed_codes(cast.region, [person.pk])[person.pk]


def typed(code: str, count: object, *, born: str = BORN, key: str = "") -> dict[str, object]:
    """What Bu Sri types at her stall."""
    return {"card": code, "count": count, "birth_date": born, "key": key or uuid.uuid4().hex}
