"""A list that is frozen each month: who is enrolled later is served from the next cycle on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.enrolment.actions import Deed
from gancang.enrolment.deciding import override
from gancang.enrolment.entry import entry_of
from gancang.enrolment.queries import served_on
from gancang.enrolment.rules import Why, served_from
from gancang.enrolment.tests.fixtures import MEALS, let_in, meals, now, somebody, today
from gancang.values import Refused
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

DAYS = [
    (date(2026, 3, 1), date(2026, 4, 1)),
    (date(2026, 3, 20), date(2026, 4, 1)),
    (date(2026, 3, 21), date(2026, 5, 1)),
    (date(2026, 11, 20), date(2026, 12, 1)),
    (date(2026, 11, 30), date(2027, 1, 1)),
    (date(2026, 12, 31), date(2027, 2, 1)),
]


@pytest.mark.parametrize(("enrolled", "served"), DAYS)
def test_who_comes_before_the_list_is_frozen_is_served_next_month(
    enrolled: date, served: date
) -> None:
    assert served_from(20, enrolled) == served
    assert served_from(None, enrolled) == enrolled


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 28))
def test_nobody_waits_longer_than_two_months_nor_jumps_the_frozen_list(
    on: date, freeze_day: int
) -> None:
    served = served_from(freeze_day, on)
    assert served.day == 1
    assert timedelta(0) < served - on <= timedelta(days=62)


def test_the_enrolled_wait_for_their_cycle_and_an_officers_decision_does_not(cast: Cast) -> None:
    row = meals(cast, documents=[], freeze_day=20)
    poor = somebody(cast, "Sari", lives_alone=True, desil=1)
    (entry,) = let_in(cast, MEALS, [poor])
    assert entry.state == "enrolled"
    assert entry.starts_on == served_from(20, today())
    assert not served_on(cast.region, MEALS, today()).exists()
    assert served_on(cast.region, MEALS, entry.starts_on).get() == entry
    origin = next(iter(row.terms["origins"]), "")
    with pytest.raises(Refused) as refused:
        entry_of(row, poor, {}, origin=origin, on=today())
    assert refused.value.reason is Why.NEXT_CYCLE
    page = client_of(cast.officer).get(f"/enrolment/{entry.code}").content.decode()
    assert f"{entry.starts_on:%d-%m-%Y}" in page
    other = somebody(cast, "Made", lives_alone=True, desil=9)
    (shut_out,) = let_in(cast, MEALS, [other])
    deed = Deed(by=cast.officer.username, now=now(), note="Dilihat sendiri")
    override(shut_out, today() + timedelta(days=30), deed)
    assert served_on(cast.region, MEALS, today()).get() == shut_out
