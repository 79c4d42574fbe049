"""Who pays for an order, and why a fund that comes first did not."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

from gancang.ledger.models import Transfer
from gancang.ledger.queries import list_funds
from gancang.ledger.rules import Why
from gancang.regions.queries import names_of_districts
from gancang.values import Money, Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gancang.audit.queries import Told
    from gancang.orders.models import Order
    from gancang.programmes.rules import Terms

KIND = Transfer.Kind
PASSED = "budget.passed_over"
_BACK = (KIND.RESERVE, KIND.REVERSE, KIND.RECOVER)  # into a budget's accounts


def funders_told(
    order: Order, terms: Terms, lines: Sequence[Transfer], events: Sequence[Told]
) -> list[dict[str, Any]]:
    """Each funder in its turn: what it set aside and paid, and what kept it from paying all."""
    names = {fund.code: fund.name for fund in list_funds(order.region)}
    sums = _sums(lines)
    told = [cast("list[dict[str, Any]]", e.facts["passed"]) for e in events if e.kind == PASSED]
    passed = [each for some in told for each in some]
    areas = names_of_districts(order.region, {each["area"] for each in passed} - {""})
    return [
        {
            "fund": payer.fund,
            "name": names.get(payer.fund, payer.fund),
            "percent": payer.percent,
            "order": payer.order,
            "set_aside_rp": sums[payer.fund, KIND.RESERVE] - sums[payer.fund, KIND.RELEASE],
            "paid_rp": sums[payer.fund, KIND.SETTLE]
            - sums[payer.fund, KIND.REVERSE]
            - sums[payer.fund, KIND.RECOVER],
            "why_not": [
                _sentence(each, names, areas) for each in passed if each["fund"] == payer.fund
            ],
        }
        for payer in sorted(terms.funders, key=lambda payer: payer.order)
    ]


def _sums(lines: Sequence[Transfer]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        budget = line.target.budget if line.kind in _BACK else line.source.budget
        if budget is not None:
            sums[budget.fund.code, line.kind] += line.amount_rp
    return sums


def _sentence(passed: Mapping[str, Any], names: Mapping[str, str], areas: Mapping[str, str]) -> str:
    facts: dict[str, object] = {
        "fund": names.get(passed["fund"], passed["fund"]),
        "year": passed["on"][:4],
        "on": passed["on"],
        "left": Money(passed["left_rp"]),
        "needed": Money(passed["needed_rp"]),
        "ceiling": Money(passed["ceiling_rp"] or 0),
        "area": areas.get(passed["area"], passed["area"]),
    }
    return sentence_of(Refused(Why(passed["why"]), **facts))
