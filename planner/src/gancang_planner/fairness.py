"""Fair shares over weeks: who earned more so far costs a little more in the next matching.

Income per active hour, evened out over many matchings rather than in each: Suehr, Biega, Zehlike,
Gummadi and Chakraborty, "Two-sided fairness for repeated matchings in two-sided markets", KDD 2019;
the trade between fair shares and the whole's gain as one number: Nanda, Xu, Sankararaman, Dickerson
and Srinivasan, "Balancing the tradeoff between profit and fairness in rideshare platforms during
high-demand hours", AAAI 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang_planner.match_model import COST_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Earned:
    """What a rider, or a fleet as a whole, earned in the hours it was there for work."""

    id: str
    income: float
    active_hours: float

    def __post_init__(self) -> None:
        for what, value in (("income", self.income), ("active hours", self.active_hours)):
            if not 0 <= value <= COST_MAX:
                raise ValueError(
                    f"the {what} of {self.id} must be 0 to {COST_MAX:g}, not {value!r}"
                )

    def per_hour(self) -> float | None:
        """Income per active hour; None before the first hour."""
        return self.income / self.active_hours if self.active_hours else None


def prices(earned: Sequence[Earned], *, weight_s: float) -> dict[str, float]:
    """Seconds to add to each pair of a rider (or of each rider of a fleet), by id.

    Nothing for the worst off and for whoever has not been there yet; `weight_s` for somebody who
    earns twice the mean per hour more than the worst off, and in proportion between. So `weight_s`
    is what detour a fair share is worth: 0 is none, 300 sends one up to five minutes farther away
    in place of a neighbour who has had far more. Raises ValueError for ids given twice.
    """
    if not 0 <= weight_s <= COST_MAX:
        raise ValueError(f"the weight must be 0 to {COST_MAX:g} s, not {weight_s!r}")
    rates = {each.id: each.per_hour() for each in earned}
    if len(rates) < len(earned):
        ids = [each.id for each in earned]
        raise ValueError(f"{next(each for each in ids if ids.count(each) > 1)} is there twice")
    known = [rate for rate in rates.values() if rate is not None]
    income, hours = sum(each.income for each in earned), sum(each.active_hours for each in earned)
    if not known or not income:
        return dict.fromkeys(rates, 0.0)
    least, mean = min(known), income / hours
    return {
        each: 0.0 if rate is None else min(weight_s * (rate - least) / (2 * mean), COST_MAX)
        for each, rate in rates.items()
    }
