"""Other aid that a programme is not had beside: of the person, or of his family card."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gancang.enrolment import rules
from gancang.enrolment.models import Enrolment
from gancang.residents.models import Resident
from gancang.residents.queries import facts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.enrolment.rules import Enrolling
    from gancang.regions.models import Region

SELF, FAMILY = "self", "family"


def find_others(
    region: Region, rows: Sequence[Enrolment], enrolling: Enrolling
) -> dict[int, list[list[str]]]:
    """What other aid each applicant has, as pairs of its code and whose it is. Nobody is shown.

    Four queries, and none for a programme that may be had beside any other.
    """
    if not enrolling.not_with or not rows:
        return {}
    families = _families(region, [row.resident_id for row in rows], per=enrolling.per)
    everybody = {number for members in families.values() for number in members}
    aid = _aid_of(everybody, enrolling)
    found: dict[int, list[list[str]]] = {}
    for number, members in families.items():
        pairs = {
            (code, SELF if member == number else FAMILY)
            for member in members
            for code in aid.get(member, ())
        }
        if pairs:
            found[number] = [list(pair) for pair in sorted(pairs)]
    return found


def _families(region: Region, numbers: Sequence[int], *, per: str) -> dict[int, set[int]]:
    families = {number: {number} for number in numbers}
    if per != "family":
        return families
    people = Resident.objects.filter(region=region)
    cards = dict(people.filter(pk__in=numbers).values_list("pk", "family_card_index"))
    members: defaultdict[str | None, set[int]] = defaultdict(set)
    shared = people.filter(family_card_index__in=set(cards.values()) - {""}, merged_into=None)
    for number, card in shared.values_list("pk", "family_card_index"):
        members[card].add(number)
    return {number: own | members[cards[number]] for number, own in families.items()}


def _aid_of(numbers: set[int], enrolling: Enrolling) -> dict[int, set[str]]:
    aid: defaultdict[int, set[str]] = defaultdict(set)
    enrolled = Enrolment.objects.filter(
        resident__in=numbers, programme_code__in=enrolling.not_with, state__in=rules.IN
    )
    for number, code in enrolled.values_list("resident", "programme_code"):
        aid[number].add(code)
    for number, facts in facts_of(numbers).items():
        aid[number] |= {n for n in enrolling.not_with if n in facts and facts[n].value is True}
    return aid
