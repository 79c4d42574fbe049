"""People who apply for a programme of the demonstration, show their papers and are seen at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.enrolment.actions import Deed, apply_all
from gancang.enrolment.deciding import look_again
from gancang.enrolment.models import Enrolment
from gancang.enrolment.rules import State, enrolling_of
from gancang.enrolment.verifying import Found, take_outcomes
from gancang.programmes.queries import get_programme
from gancang.residents.actions import KnownFact, Particulars, register_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.regions.models import Organisation, Region
    from gancang.residents.models import Resident


def neighbours(
    home: Organisation,
    names: Sequence[str],
    facts: dict[str, bool | int | str],
    *,
    born: int = 1968,
    now: datetime,
) -> list[Resident]:
    """People of a health centre's village, two to a family card, of whom the village knows this."""
    village = home.village
    assert village is not None, home.code
    on = now.date()
    known = {name: KnownFact(value, "verifikasi desa", on) for name, value in facts.items()}
    people = [
        Particulars(
            full_name=name,
            village=village,
            address=f"Dusun Krajan RT {number:02d}/RW 03",
            birth_date=on.replace(year=born + number, month=number, day=number),
            family_card=f"{village.code.replace('.', '')[:6]}1203090{number // 2:03d}",
            facts=known,
        )
        for number, name in enumerate(names, 1)
    ]
    return register_all(people, region=home.region, now=now)


def enrol(
    people: Sequence[Resident], code: str, region: Region, deed: Deed, *, papers: int, seen: int
) -> list[Enrolment]:
    """All apply; the first `papers` of them show theirs, the first `seen` are found at home."""
    made = apply_all([person.pk for person in people], code, region, deed)
    rows = [row for row in made if isinstance(row, Enrolment)]
    asked = enrolling_of(get_programme(region, code).terms).documents
    shown = [look_again(row, deed, papers=asked) for row in rows[:papers]] if asked else rows
    to_see = {row.code: row for row in shown[:seen] if row.state == State.TO_VERIFY}
    found = [Found(line=n, code=row, outcome="valid") for n, row in enumerate(to_see, 1)]
    take_outcomes(to_see, found, deed)
    return rows
