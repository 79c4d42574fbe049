"""Who pays how much of an order: by percent within one turn, turn after turn. Pure.

The rule, as it is printed in a pack's README and in every order's story: each turn shares what is
still unpaid by whole percents, every share rounded down, the odd rupiah to the turn's first fund.
What a fund cannot pay whole, since its budget or a ceiling ends, falls to the next turn, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from gancang.ledger.rules import Why
from gancang.values import Money, shares_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


class Per(StrEnum):
    """What a ceiling holds for."""

    ORDER = "order"
    MONTH = "month"
    YEAR = "year"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that a fund pays of a programme; of one district alone where `area` names it."""

    per: Per
    amount: Money
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """An agreement's days, places and cap, as they bind one fund. No area: everywhere."""

    starts: date
    ends: date
    areas: tuple[str, ...] = ()
    cap: Money | None = None

    def binds(self, area: str, *, on: date) -> bool:
        """Whether it is in force there on that day."""
        return self.starts <= on <= self.ends and lies_in_one_of(self.areas, area)


@dataclass(frozen=True, slots=True)
class Payer:
    """A fund's part in paying for a programme. `deals`: None: it needs no agreement of its own."""

    fund: str
    percent: int = 100
    order: int = 1
    ceilings: tuple[Ceiling, ...] = ()
    deals: tuple[Deal, ...] | None = None

    def find_deal(self, area: str, *, on: date) -> Deal | None:
        """The fund's agreement that is in force there on that day."""
        return next((deal for deal in self.deals or () if deal.binds(area, on=on)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Money that an order will need, and who may be asked for it."""

    order: str
    programme: str
    year: int
    amount: Money
    payers: tuple[Payer, ...]
    area: str  # code of the village that it goes to; "": to none
    part: int = 0  # which setting-aside of the order it is; after the first `next_part_of`


@dataclass(frozen=True, slots=True)
class Window:
    """The days and the district over which a ceiling counts what a fund set aside."""

    fund: str
    programme: str
    first: date
    last: date
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A fund that could not pay its share whole, and why."""

    fund: str
    why: Why
    left: Money
    needed: Money
    ceiling: Money | None = None
    area: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """Who pays what of one reservation, who could not, and what nobody pays."""

    paid: tuple[tuple[str, Money], ...]
    passed: tuple[Passed, ...]
    unpaid: Money


_REACHED = {
    (Per.ORDER, False): Why.ORDER_CEILING,
    (Per.MONTH, False): Why.MONTH_CEILING,
    (Per.YEAR, False): Why.YEAR_CEILING,
    (Per.AGREEMENT, False): Why.AGREEMENT_CAP,
    (Per.MONTH, True): Why.AREA_MONTH_CEILING,
    (Per.YEAR, True): Why.AREA_YEAR_CEILING,
}


def lies_in_one_of(areas: Sequence[str], place: str) -> bool:
    """Whether a village lies in one of these districts or villages; no area means everywhere."""
    return not areas or any(place == area or place.startswith(f"{area}.") for area in areas)


def window_of(
    want: Reservation, payer: Payer, ceiling: Ceiling, *, on: date, deal: Deal | None
) -> Window | None:
    """Over which days a ceiling counts; None for one that counts within the order."""
    if ceiling.per is Per.ORDER:
        return None
    first, last = date(on.year, 1, 1), date(on.year, 12, 31)
    if ceiling.per is Per.MONTH:
        first = on.replace(day=1)
        last = on.replace(day=_days_of(on))
    elif ceiling.per is Per.AGREEMENT:
        assert deal is not None, payer.fund
        first, last = deal.starts, deal.ends
    return Window(payer.fund, want.programme, first, last, ceiling.area)


def _days_of(on: date) -> int:
    following = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    return (following - on.replace(day=1)).days


def ceilings_of(payer: Payer, area: str, deal: Deal | None) -> Iterator[Ceiling]:
    """All ceilings that hold for an order of a village."""
    for ceiling in payer.ceilings:
        if not ceiling.area or lies_in_one_of([ceiling.area], area):
            yield ceiling
    if deal is not None and deal.cap is not None:
        yield Ceiling(Per.AGREEMENT, deal.cap)


def windows_of(wanted: Iterable[Reservation], *, on: date) -> set[Window]:
    """All sums that must be known before these reservations can be shared out."""
    found = set()
    for want in wanted:
        for payer in want.payers:
            deal = payer.find_deal(want.area, on=on)
            for ceiling in ceilings_of(payer, want.area, deal):
                found.add(window_of(want, payer, ceiling, on=on, deal=deal))
    return {window for window in found if window is not None}


@dataclass(slots=True)
class Purse:
    """What funds can still give, while reservations are shared out one after another.

    `free`: by fund, programme and year what is available; a line that is missing has no budget.
    `used`: by window what was set aside and did not come back. `of_order`: the same by order, fund.
    """

    on: date
    free: dict[tuple[str, str, int], int]
    used: dict[Window, int] = field(default_factory=dict)
    of_order: dict[tuple[str, str], int] = field(default_factory=dict)

    def pay(self, want: Reservation) -> Split:
        """Share a reservation out, and remember it. What nobody can pay is told, not refused."""
        unpaid, paid, passed = want.amount, [], []
        for _, members in groupby(sorted(want.payers, key=_turn), key=_turn):
            turn = list(members)
            shares = shares_of(unpaid, [payer.percent for payer in turn])
            for payer, share in zip(turn, shares, strict=True):
                given, why = self._ask(want, payer, share)
                unpaid -= given
                paid += [(payer.fund, given)] if given else []
                passed += [why] if why else []
        return Split(tuple(paid), tuple(passed), unpaid)

    def _ask(self, want: Reservation, payer: Payer, share: Money) -> tuple[Money, Passed | None]:
        if not share:
            return share, None
        deal = payer.find_deal(want.area, on=self.on)
        tightest = min(self._limits(want, payer, share, deal), key=lambda passed: passed.left)
        if tightest.left >= share:
            self._note(want, payer, share, deal)
            return share, None
        self._note(want, payer, tightest.left, deal)
        return tightest.left, tightest

    def _limits(
        self, want: Reservation, payer: Payer, share: Money, deal: Deal | None
    ) -> Iterator[Passed]:
        """Each thing that ends what a fund can pay, the budget first."""
        ended = partial(Passed, fund=payer.fund, needed=share)
        free = self.free.get((payer.fund, want.programme, want.year))
        if free is None:
            yield ended(why=Why.NO_BUDGET, left=Money(0))
            return
        yield ended(why=Why.BUDGET_EMPTY, left=Money(free))
        if payer.deals is not None and deal is None:
            yield ended(why=Why.NO_FUND_AGREEMENT, left=Money(0))
        for ceiling in ceilings_of(payer, want.area, deal):
            window = window_of(want, payer, ceiling, on=self.on, deal=deal)
            of_order = self.of_order.get((want.order, payer.fund), 0)
            used = self.used.get(window, 0) if window else of_order
            yield ended(
                why=_REACHED[ceiling.per, bool(ceiling.area)],
                left=Money(max(0, ceiling.amount.rupiah - used)),
                ceiling=ceiling.amount,
                area=ceiling.area,
            )

    def _note(self, want: Reservation, payer: Payer, given: Money, deal: Deal | None) -> None:
        if not given:
            return
        self.free[payer.fund, want.programme, want.year] -= given.rupiah
        of_order = (want.order, payer.fund)
        self.of_order[of_order] = self.of_order.get(of_order, 0) + given.rupiah
        for window in {
            window_of(want, payer, ceiling, on=self.on, deal=deal)
            for ceiling in ceilings_of(payer, want.area, deal)
        }:
            if window is not None:
                self.used[window] = self.used.get(window, 0) + given.rupiah


def hangs_on_balances_alone(wanted: Iterable[Reservation], splits: Iterable[Split]) -> bool:
    """Whether these stand for as long as the money is there: all who may be asked pay, none of them
    within a ceiling or a cap, so that no sum of others' orders can change who pays what.
    """
    return all(
        not split.passed
        and len(split.paid) == len(want.payers)
        and not any(payer.ceilings or payer.deals for payer in want.payers)
        for want, split in zip(wanted, splits, strict=True)
    )


def _turn(payer: Payer) -> int:
    return payer.order


def funds_of(payers: Iterable[Payer], names: Mapping[str, str]) -> str:
    """Who pays in which turn, as one line: "1: APBD 60 %, Baznas 40 %; 2: CSR 100 %"."""
    turns = groupby(sorted(payers, key=_turn), key=_turn)
    return "; ".join(
        f"{turn}: " + ", ".join(f"{names.get(p.fund, p.fund)} {p.percent} %" for p in members)
        for turn, members in turns
    )
