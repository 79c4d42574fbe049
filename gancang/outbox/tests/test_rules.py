"""How long a text is, and when a night ends."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.outbox.rules import GSM, in_words_of, quiet_until, sms_parts

ZONE = "Asia/Jakarta"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("…" + "x" * 69, 1),
        ("…" + "x" * 70, 2),
    ],
)
def test_a_text_takes_as_many_messages_as_the_standard_says(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


@given(st.text(alphabet=sorted(GSM), max_size=400), st.text(max_size=20))
def test_a_greeting_never_makes_a_text_dearer(text: str, greeting: str) -> None:
    assert sms_parts(in_words_of(text, greeting)) == sms_parts(text)


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001
    st.times(),
    st.times(),
)
def test_a_night_ends_within_a_day_and_then_it_is_day(
    at: datetime, begins: time, ends: time
) -> None:
    begins, ends = begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    now = at.replace(tzinfo=UTC)
    morning = quiet_until(now, begins=begins, ends=ends, zone=ZONE)
    if morning is not None:
        assert now < morning <= now + timedelta(days=1)
        assert quiet_until(morning, begins=begins, ends=ends, zone=ZONE) is None
