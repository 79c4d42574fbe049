"""One carrier fails and the programme goes on by the next, as its file says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from gancang.dispatch.models import Offer
from gancang.dispatch.tests.test_switched_off import close
from gancang.dispatch.ticking import tick
from gancang.medicine.tests.ways import only_by
from gancang.orders.models import Order
from gancang.overview.story import story_of
from gancang.programmes.falling import LATE, OFF, open_fleets
from gancang.programmes.models import Programme
from gancang.regions.models import Organisation
from tests.cast import at_work, place, release

if TYPE_CHECKING:
    from tests.cast import Cast

FLEETS = st.sampled_from(["a", "b", "c", "d", "e"])
STEPS = st.lists(
    st.fixed_dictionaries(
        {"carrier": FLEETS, "then": FLEETS, "after_minutes": st.integers(1, 1440)}
    ),
    max_size=8,
)


def waiting(cast: Cast) -> tuple[Order, str]:
    """An order whose programme asks another fleet first, and Toni's half an hour later."""
    first = Organisation.objects.filter(region=cast.region, kind="fleet").exclude(pk=cast.fleet.pk)[
        0
    ]
    only_by(cast, "direct")
    step = {"carrier": first.code, "then": cast.fleet.code, "after_minutes": 30}
    for row in Programme.objects.filter(region=cast.region):
        named = {"carriers": [first.code, cast.fleet.code], "fallback": [step]}
        row.terms = {**row.terms, **named}
        row.save()
    at_work(cast, cast.rider)
    return release(cast, place(cast)), first.code


def falls(order: Order) -> list[dict[str, object]]:
    """What the order's story tells of fleets that stood in."""
    return [
        each["facts"] for each in story_of(order)["events"] if each["kind"] == "order.fell_back"
    ]


def is_offered(cast: Cast, order: Order, *, minutes: int = 0) -> bool:
    """Whether a tick so long from now asks Toni."""
    tick(cast.region, now=datetime.now(UTC) + timedelta(minutes=minutes), seed=1)
    return Offer.objects.filter(order=order, rider=cast.rider).exists()


def test_nobody_of_the_first_fleet_comes_and_after_half_an_hour_the_next_is_asked(
    cast: Cast,
) -> None:
    order, first = waiting(cast)
    assert not is_offered(cast, order)
    assert falls(order) == []
    assert is_offered(cast, order, minutes=31)
    tick(cast.region, now=datetime.now(UTC) + timedelta(minutes=32), seed=1)
    assert falls(order) == [{"from": first, "to": cast.fleet.code, "why": LATE}]  # said once


def test_the_first_carrier_is_switched_off_and_the_programme_goes_on_at_once(cast: Cast) -> None:
    order, first = waiting(cast)
    assert not is_offered(cast, order)
    assert close(cast, f"fleet:{first}") == 302
    assert is_offered(cast, order)
    assert [each["why"] for each in falls(order)] == [OFF]


@given(st.lists(FLEETS, unique=True), STEPS, st.floats(0, 10_000), st.sets(FLEETS))
def test_a_fallback_ends_opens_no_foreign_fleet_and_shuts_none_again(
    carriers: list[str], steps: list[dict[str, object]], waited: float, off: set[str]
) -> None:
    now, fell = open_fleets(carriers, steps, waited_min=waited, off=off)
    later, _more = open_fleets(carriers, steps, waited_min=waited + 60, off=off)
    assert now <= later <= set(carriers)
    assert bool(now) == bool(carriers)  # nobody named means anybody; somebody named never does
    assert len({each.then for each in fell}) == len(fell)
    assert {each.then for each in fell} <= now
