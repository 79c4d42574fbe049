"""The family of somebody who died gets no more letters, and an error is taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.audit.models import Event
from gancang.residents.actions import mark_deceased, take_back_deceased
from gancang.residents.queries import is_deceased
from gancang.residents.rules import Why
from gancang.values import Refused
from tests.cast import BORN, place

if TYPE_CHECKING:
    from tests.cast import Cast

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def test_a_death_is_noted_once_and_of_one_person(cast: Cast) -> None:
    number = place(cast).resident_id
    other = place(cast, number="R-2", nik="", full_name="Made").resident_id
    assert not is_deceased(number)
    mark_deceased(number, date(2026, 11, 20), "family", "clerk", NOW)
    mark_deceased(number, date(2026, 11, 21), "village", "clerk", NOW)  # told again: no change
    assert is_deceased(number)
    assert not is_deceased(other)
    assert Event.objects.filter(kind="resident.deceased").count() == 1


def test_a_death_that_was_an_error_is_taken_back(cast: Cast) -> None:
    number = place(cast).resident_id
    mark_deceased(number, date(2026, 11, 20), "rider", "rider", NOW)
    take_back_deceased(number, "clerk", NOW)
    assert not is_deceased(number)
    assert Event.objects.filter(kind="resident.alive").exists()


@pytest.mark.parametrize(
    ("on", "source", "why"),
    [
        (date(2026, 11, 26), "family", Why.DIED_AHEAD),
        (date(BORN.year - 1, 1, 1), "family", Why.DIED_BEFORE_BIRTH),
        (date(2026, 11, 20), "rumour", Why.NO_SUCH_SOURCE),
    ],
)
def test_a_death_that_cannot_be_is_refused(cast: Cast, on: date, source: str, why: Why) -> None:
    number = place(cast).resident_id
    with pytest.raises(Refused) as refused:
        mark_deceased(number, on, source, "clerk", NOW)
    assert refused.value.reason is why
    assert not is_deceased(number)
