"""Conditions over what is known of a person: remembered answers are the same as fresh ones."""

from __future__ import annotations

import pytest

from gancang.values.conditions import answer_of, holds

PEOPLE: list[dict[str, bool | int | str]] = [
    {},
    {"pbi": True},
    {"pbi": False},
    {"pbi": 1},
    {"pbi": "true"},
    {"pbi": True, "desil": 4},
    {"desil": 4},
    {"desil": 5, "other": 1},
]
CONDITIONS = [
    "true",
    "person.pbi == true",
    "person.pbi == 1",
    'person["pbi"] == true || person.desil <= 4',
    "has(person.pbi)",
    "!has(person.pbi)",
    "size(person) == 2",
    "'desil' in person",
    "person.desil > 3 && size(person) < 2",
    "1 / (person.desil - 4) > 0",
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_who_is_in_is_in_however_often_and_after_whomever_he_is_asked(condition: str) -> None:
    for person in [*PEOPLE, *reversed(PEOPLE)]:
        assert holds(condition, person) == (answer_of(condition, person) is True), person
