"""From journeys to figures. Pure: what a figure is, and of which journeys it is made.

Waiting is measured as the national minimum standard does (Kepmenkes 129/2008): from the
prescription's arrival at the pharmacy to the medicine's readiness; finished drugs within 30
minutes, compounded ones within 60.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

STANDARD_MIN = {False: 30, True: 60}  # by whether it is compounded
DAYS_MAX = 366
DELIVERED = "delivered"
LEGS = {
    "desk": N_("Written to received"),
    "waiting": N_("Prescription to ready"),
    "pickup": N_("Ready to pick-up"),
    "road": N_("Pick-up to door"),
    "whole": N_("Prescription to door"),
}


class Why(Reason):
    """Why no figures can be shown."""

    NOT_A_PERIOD = "not_a_period", N_("Give a first and a last day, like 2026-11-01.")
    BACKWARDS = "backwards", N_("The last day lies before the first.")
    TOO_LONG = "too_long", N_("A period may have at most {days} days; take a shorter one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One order's way, as far as it has come."""

    order: str
    clinic: str
    tier: str
    district: str
    village: str
    state: str
    compounded: bool
    attempts: int
    written_at: datetime | None = None  # null where nobody said when it was written
    received_at: datetime
    ready_at: datetime | None
    collected_at: datetime | None
    door_at: datetime | None
    cost_rp: int
    patient_rp: int

    def minutes(self, leg: str) -> float | None:
        """How long one part of the way took; None if it is not over."""
        begins, ends = {
            "waiting": (self.received_at, self.ready_at),
            "pickup": (self.ready_at, self.collected_at),
            "road": (self.collected_at, self.door_at),
            "desk": (self.written_at, self.received_at),
            "whole": (self.written_at or self.received_at, self.door_at),
        }[leg]
        if begins is None or ends is None:
            return None
        return max(0.0, (ends - begins).total_seconds() / 60)

    @property
    def within_standard(self) -> bool | None:
        """Whether it was ready in time; None if nobody said when it was."""
        waited = self.minutes("waiting")
        return None if waited is None else waited <= STANDARD_MIN[self.compounded]

    @property
    def is_first_try(self) -> bool:
        """Whether it was handed over at the first visit."""
        return self.state == DELIVERED and self.attempts == 0


@dataclass(frozen=True, slots=True)
class Spread:
    """How a length of time is spread: of how many, its median and 90th percentile in minutes."""

    count: int
    median: float
    p90: float


def spread_of(values: Iterable[float | None]) -> Spread | None:
    """The spread of the values that are known; None of none.

    Percentiles by linear interpolation between ranks, as PostgreSQL's percentile_cont.
    """
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    return Spread(len(known), _percentile(known, 0.5), _percentile(known, 0.9))


def _percentile(known: Sequence[float], part: float) -> float:
    place = part * (len(known) - 1)
    low = int(place)
    high = min(low + 1, len(known) - 1)
    return known[low] + (known[high] - known[low]) * (place - low)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByClinic:
    """How one clinic's patients were served."""

    clinic: str
    orders: int
    legs: Mapping[str, Spread | None]
    in_standard: int
    judged: int  # of how many it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What deliveries of one tier into one district cost."""

    tier: str
    district: str
    delivered: int
    mean_rp: int
    patient_rp: int  # of the mean, what patients pay


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of a district was reached."""

    district: str
    orders: int
    delivered: int
    villages: int
    villages_reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of a period."""

    orders: int
    delivered: int
    open: int
    first_try: int
    visited: int  # handed over, or tried at least once
    saved_min: int  # what patients would have waited at the counter
    whole: Spread | None
    clinics: Sequence[ByClinic]
    costs: Sequence[Cost]
    coverage: Sequence[Coverage]
    reasons: Sequence[tuple[str, int]]


def figures_of(
    journeys: Sequence[Journey],
    *,
    reasons: Mapping[str, int],
    villages: Mapping[str, int],
    is_open: Callable[[str], bool],
) -> Figures:
    """The figures of these journeys.

    `reasons`: failed visits by reason; `villages`: how many each district has.
    """
    delivered = [each for each in journeys if each.state == DELIVERED]
    saved = sum(each.minutes("waiting") or 0 for each in delivered)
    return Figures(
        orders=len(journeys),
        delivered=len(delivered),
        open=sum(is_open(each.state) for each in journeys),
        first_try=sum(each.is_first_try for each in journeys),
        visited=sum(each.state == DELIVERED or each.attempts > 0 for each in journeys),
        saved_min=round(saved),
        whole=spread_of(each.minutes("whole") for each in journeys),
        clinics=_by_clinic(journeys),
        costs=_costs(delivered),
        coverage=_coverage(journeys, villages),
        reasons=sorted(reasons.items(), key=lambda each: (-each[1], each[0])),
    )


def _grouped(
    journeys: Iterable[Journey], key: Callable[[Journey], str]
) -> list[tuple[str, list[Journey]]]:
    groups: dict[str, list[Journey]] = defaultdict(list)
    for journey in journeys:
        groups[key(journey)].append(journey)
    return sorted(groups.items())


def _by_clinic(journeys: Sequence[Journey]) -> list[ByClinic]:
    return [
        ByClinic(
            clinic=clinic,
            orders=len(group),
            legs={leg: spread_of(each.minutes(leg) for each in group) for leg in LEGS},
            in_standard=sum(each.within_standard is True for each in group),
            judged=sum(each.within_standard is not None for each in group),
        )
        for clinic, group in _grouped(journeys, lambda each: each.clinic)
    ]


def _costs(delivered: Sequence[Journey]) -> list[Cost]:
    return [
        Cost(
            tier=tier,
            district=district,
            delivered=len(group),
            mean_rp=round(sum(each.cost_rp for each in group) / len(group)),
            patient_rp=round(sum(each.patient_rp for each in group) / len(group)),
        )
        for tier, of_tier in _grouped(delivered, lambda each: each.tier)
        for district, group in _grouped(of_tier, lambda each: each.district)
    ]


def _coverage(journeys: Sequence[Journey], villages: Mapping[str, int]) -> list[Coverage]:
    orders = Counter(each.district for each in journeys)
    delivered = Counter(each.district for each in journeys if each.state == DELIVERED)
    reached: dict[str, set[str]] = defaultdict(set)
    for each in journeys:
        if each.state == DELIVERED:
            reached[each.district].add(each.village)
    return [
        Coverage(
            district=district,
            orders=orders[district],
            delivered=delivered[district],
            villages=count,
            villages_reached=len(reached[district]),
        )
        for district, count in sorted(villages.items())
    ]
