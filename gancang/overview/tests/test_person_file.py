"""Whoever asks what is kept of him gets all of it, by one command, and that is written down."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gancang.audit.models import Event
from gancang.overview.person_file import file_of
from gancang.residents.models import Reading
from gancang.residents.rules import Why, local_id
from gancang.values import Refused
from tests.cast import NIK, delivered, place

if TYPE_CHECKING:
    from tests.cast import Cast


def file_about(cast: Cast, typed: str) -> dict[str, Any]:
    """What the command gives."""
    return file_of(typed, region=cast.region, now=datetime.now(UTC))


def test_one_call_gives_a_person_all_that_is_kept_of_him(cast: Cast) -> None:
    order = delivered(cast)
    told = file_about(cast, local_id(order.resident_id))
    text = json.dumps(told, ensure_ascii=False)
    for known in (NIK, "Sari", "1951-03-09", "+6281234567890", "Amlodipine", order.code):
        assert known in text, known
    assert told["orders"][0]["handed_over"]["receiver"] == "Sari"
    assert told["facts"][0]["name"] == "pbi_active"
    assert told["letters"]
    assert {row["by"] for row in told["read_by"]} >= {"rider", "person"}
    assert Reading.objects.filter(purpose="own file").exists()
    assert Event.objects.filter(kind="resident.file_given").exists()


def test_nobody_else_stands_in_the_file(cast: Cast) -> None:
    mine = place(cast)
    place(cast, number="R-2", nik="", full_name="Made", phone="0819 9999 9999")
    text = json.dumps(file_about(cast, NIK))
    assert mine.code in text
    assert "Made" not in text
    assert "9999" not in text


@pytest.mark.parametrize("typed", ["", "0", "L-999999-9", "Sari", "9" * 16, "9" * 30])
def test_who_is_not_there_is_said_so(cast: Cast, typed: str) -> None:
    place(cast)
    with pytest.raises(Refused) as refused:
        file_about(cast, typed)
    assert refused.value.reason is Why.NO_SUCH_PERSON
