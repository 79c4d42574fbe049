"""What a rider has and was promised is brought and fetched in the order that the policy likes."""

from __future__ import annotations

from gancang_planner import Policy, Term
from gancang_roads import Estimate, Place

from gancang.dispatch.in_hand import TRIED_MAX, Bag, Rule, to_bring, to_fetch

HOME = Place(0.0, 0.0)
TRAVEL = Estimate(speed_kmh=36)
NEVER_S = 10**6


def bag(code: str, east: float, promise_s: int = NEVER_S) -> Bag:
    """A bag for a door some kilometres (0.01 degrees each) to the east."""
    return Bag(code, Place(0.0, east / 100), promise_s)


def codes(bags: list[Bag], policy: Policy, start: Place = HOME) -> list[str]:
    """The order in which the bags are brought."""
    return [each.code for each in to_bring(start, bags, Rule(TRAVEL, policy, 240), now_s=0)]


def test_bags_go_by_the_shortest_way_whatever_was_promised_first() -> None:
    bags = [bag("far", 9, NEVER_S - 2), bag("near", 1), bag("middle", 5, NEVER_S - 1)]
    assert codes(bags, Policy.strict(Term.DISTANCE)) == ["near", "middle", "far"]


def test_a_promise_that_would_be_broken_comes_first_where_the_policy_minds_lateness() -> None:
    bags = [bag("near", 1), bag("urgent", -4, 900)]
    assert codes(bags, Policy.strict(Term.LATENESS, Term.DISTANCE)) == ["urgent", "near"]
    assert codes(bags, Policy.strict(Term.DISTANCE)) == ["near", "urgent"]


def test_of_equal_orders_that_by_promises_is_taken() -> None:
    bags = [bag("b", 2), bag("a", 2), bag("c", 2, NEVER_S - 1)]
    assert codes(bags, Policy.strict(Term.DISTANCE)) == ["c", "a", "b"]


def test_more_bags_than_can_be_tried_go_by_their_promises() -> None:
    bags = [bag(str(n), n, NEVER_S - n) for n in range(TRIED_MAX + 1)]
    assert codes(bags, Policy.strict(Term.DISTANCE)) == [str(n) for n in range(TRIED_MAX, -1, -1)]


def test_the_nearest_counter_is_fetched_from_first() -> None:
    rule = Rule(TRAVEL, Policy.strict(Term.DISTANCE), 240)
    bags = [bag("far", 6, 1), bag("late", 2), bag("soon", 2, 5)]
    assert [each.code for each in to_fetch(HOME, bags, rule)] == ["soon", "late", "far"]
