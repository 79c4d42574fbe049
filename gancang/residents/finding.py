"""Where a resident's house may be: what is known of him, and what his neighbours tell."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gancang.addresses.queries import candidates_for, full_name, landmarks_told_of, understand
from gancang.addresses.rules import Candidate, ranked
from gancang.regions.spelling import words_of
from gancang.residents.models import Resident
from gancang.residents.places import GRADES, LEARNED, OF_NO_HOUSE
from gancang.values import Point, middle_of

if TYPE_CHECKING:
    from gancang.addresses.queries import Asked
    from gancang.regions.models import Region
    from gancang.residents.queries import Person

NEIGHBOURS = 3  # of fewer the middle would be somebody's house


def find_places(
    region: Region, typed: str, *, village: str = "", person: Person | None = None
) -> list[Candidate]:
    """The places that a text may mean, the best known first. Four queries.

    Of houses only that of `person`, who was read, and so logged, by whoever asks.
    """
    asked = understand(region, typed, village=village)
    own = [_home_of(person)] if person and person.pin_grade not in OF_NO_HOUSE else []
    return ranked(
        [*own, *landmarks_told_of(region, asked), *_hamlets(asked), *candidates_for(region, asked)]
    )


def _home_of(person: Person) -> Candidate:
    assert person.lat is not None, person.number
    assert person.lon is not None, person.number
    return Candidate(
        point=Point(person.lat, person.lon),
        name=person.address,
        where=f"{person.village}, {person.district}",
        grade=person.pin_grade,
        source=GRADES[person.pin_grade],
    )


def _hamlets(asked: Asked) -> list[Candidate]:
    """The hamlets told of, amid three houses or more, to a hundred metres. One query."""
    by_pk = {village.pk: village for village in asked.villages}
    rows = Resident.objects.filter(
        village__in=by_pk, pin_grade__in=LEARNED, lat__isnull=False, merged_into=None
    ).exclude(hamlet="")
    met: defaultdict[tuple[int, tuple[str, ...]], list[tuple[str, Point]]] = defaultdict(list)
    for village, name, lat, lon in rows.values_list("village", "hamlet", "lat", "lon"):
        assert lat is not None, village
        assert lon is not None, village
        met[village, words_of(name)].append((name, Point(lat, lon)))
    told = words_of(asked.text)
    return [
        _amid(homes, full_name(by_pk[village]))
        for (village, words), homes in met.items()
        if _stands_in(words, told) and len({point for _name, point in homes}) >= NEIGHBOURS
    ]


def _amid(homes: list[tuple[str, Point]], where: str) -> Candidate:
    middle = middle_of([point for _name, point in homes])
    return Candidate(
        point=Point(round(middle.lat, 3), round(middle.lon, 3)),
        name=homes[0][0],
        where=where,
        grade="guess",
        source=GRADES["guess"],
    )


def _stands_in(words: tuple[str, ...], told: tuple[str, ...]) -> bool:
    many = len(words)
    return any(told[at : at + many] == words for at in range(len(told) - many + 1))
