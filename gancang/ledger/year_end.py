"""The end of a budget year: open orders go on in the next, the rest is carried over or returned."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Sum

from gancang.audit.actions import record
from gancang.ledger.models import Account, Budget, Fund, Transfer, YearEnd
from gancang.ledger.moving import Move, move_all
from gancang.ledger.queries import held_for_all, next_parts_of
from gancang.ledger.rules import Why
from gancang.regions.queries import today_in
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.ledger.rules import Held
    from gancang.regions.models import Region

Kind, State = Account.Kind, YearEnd.State
CARRY = "carry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What the pack says of a fund's money at the end of a year."""

    rest: str
    settle_until: int
    decree: str

    def ends_on(self, year: int) -> date:
        """From this day on the year can be ended; before it, work is settled against the old."""
        return date(year + 1, 1, self.settle_until + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What the end of the year does to one budget line."""

    budget: Budget
    following: Budget | None
    free: Money  # of the old line, not set aside
    moved: dict[str, Money]  # orders that go on at the expense of the next year's line
    stays: dict[str, Money]  # orders that the next year has nothing for: bound to the old line

    @property
    def moved_rp(self) -> int:
        """What the orders that go on need."""
        return sum(each.rupiah for each in self.moved.values())

    @property
    def stays_rp(self) -> int:
        """What stays bound to the old line."""
        return sum(each.rupiah for each in self.stays.values())

    @property
    def is_done(self) -> bool:
        """Whether nothing of it moves any more."""
        return not self.free and not self.moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One fund's year, as it would end now."""

    fund: Fund
    rule: Rule | None  # None: the pack says nothing
    lines: list[Ending]
    is_due: bool

    @property
    def carries(self) -> bool:
        """Whether the rest goes into the next year."""
        return self.rule is not None and self.rule.rest == CARRY

    @property
    def leaves_rp(self) -> int:
        """What leaves the old year's lines: carried over or returned."""
        free = sum(line.free.rupiah for line in self.lines)
        moved = sum(line.moved_rp for line in self.lines)
        return free + moved


def rule_of(fund: Fund, year: int) -> Rule | None:
    """What the pack says of a fund at the end of a year: the newest of its rules in force then."""
    rows: list[dict[str, Any]] = fund.region.config.get("money", {}).get("year_end", [])
    last = date(year, 12, 31).isoformat()
    fitting = [row for row in rows if row["fund"] == fund.code and row["from"] <= last]
    if not fitting:
        return None
    newest = max(fitting, key=lambda row: str(row["from"]))
    return Rule(
        rest=newest["rest"],
        settle_until=newest.get("settle_until", 0),
        decree=newest["decree"],
    )


def plans_for(region: Region, year: int, *, now: datetime, is_locked: bool = False) -> list[Plan]:
    """How each fund's year would end now. A fixed number of queries."""
    today = today_in(region, now)
    budgets = list(
        Budget.objects.filter(fund__region=region, year__in=(year, year + 1))
        .select_related("fund__region")
        .order_by("fund__code", "programme")
    )
    rows = Account.objects.filter(budget__in=budgets).order_by("pk")
    if is_locked:
        rows = rows.select_for_update(of=("self",))
    balances = {(row.budget_id, row.kind): row.balance_rp for row in rows}
    held = _held_by_budget([each for each in budgets if each.year == year])
    following = {(b.fund_id, b.programme): b for b in budgets if b.year == year + 1}
    lines: dict[Fund, list[Ending]] = defaultdict(list)
    for budget in budgets:
        if budget.year == year:
            then = following.get((budget.fund_id, budget.programme))
            carries = (rule := rule_of(budget.fund, year)) is not None and rule.rest == CARRY
            free = balances.get((then.pk, Kind.AVAILABLE), 0) if then else 0
            moved, stays = _shared(held[budget.pk], None if carries else free)
            lines[budget.fund].append(
                Ending(
                    budget=budget,
                    following=then,
                    free=Money(balances.get((budget.pk, Kind.AVAILABLE), 0)),
                    moved=moved,
                    stays=stays,
                )
            )
    return [
        Plan(
            fund=fund,
            rule=(rule := rule_of(fund, year)),
            lines=some,
            is_due=rule is not None and today >= rule.ends_on(year),
        )
        for fund, some in lines.items()
    ]


def _shared(held: dict[str, Money], free: int | None) -> tuple[dict[str, Money], dict[str, Money]]:
    """Which orders go on, as they come, as far as `free` reaches; None: their money goes along."""
    moved, stays = {}, {}
    for order, amount in held.items():
        if free is None:
            moved[order] = amount
        elif amount.rupiah <= free:
            moved[order] = amount
            free -= amount.rupiah
        else:
            stays[order] = amount
    return moved, stays


def _held_by_budget(budgets: Sequence[Budget]) -> dict[int, dict[str, Money]]:
    """What each order still has set aside on each of these lines, by their codes. Two queries."""
    kind = Transfer.Kind
    left: dict[tuple[int, str], int] = defaultdict(int)
    ways = (
        ("target", (kind.RESERVE, kind.REVERSE), 1),
        ("source", (kind.SETTLE, kind.RELEASE), -1),
    )
    for side, kinds, sign in ways:
        rows = Transfer.objects.filter(kind__in=kinds, **{f"{side}__budget__in": budgets})
        sums = rows.order_by().values_list(f"{side}__budget", "about").annotate(rp=Sum("amount_rp"))
        for budget, about, rp in sums.order_by("about"):
            left[budget, about] += sign * rp
    held: dict[int, dict[str, Money]] = defaultdict(dict)
    for (budget, about), rp in left.items():
        if rp:
            held[budget][about] = Money(rp)
    return held


@transaction.atomic
def ask_to_end(region: Region, year: int, document: str, *, by: User, now: datetime) -> None:
    """The first of two stands for the end of all funds whose day has come."""
    due = [plan for plan in plans_for(region, year, now=now) if plan.is_due]
    if not due:
        raise Refused(Why.YEAR_GOES_ON, year=year)
    Fund.objects.select_for_update(no_key=True).filter(region=region).order_by("pk").first()
    if YearEnd.objects.filter(fund__region=region, year=year, state=State.ASKED).exists():
        raise Refused(Why.YEAR_END_ASKED)
    due = [plan for plan in due if any(not line.is_done for line in plan.lines)]
    if not due:
        raise Refused(Why.NO_YEAR_END, year=year)
    YearEnd.objects.bulk_create(
        YearEnd(fund=plan.fund, year=year, document=document, asked_by=by, asked_at=now)
        for plan in due
    )
    facts: dict[str, object] = {"document": document, "funds": [plan.fund.code for plan in due]}
    record("year.end_asked", str(year), region=region.code, by=by.username, now=now, facts=facts)


@transaction.atomic
def take_back(region: Region, year: int, *, by: User, now: datetime) -> None:
    """It was asked too early: nothing moves."""
    done, _ = YearEnd.objects.filter(fund__region=region, year=year, state=State.ASKED).delete()
    if not done:
        raise Refused(Why.NO_YEAR_END, year=year)
    record("year.end_taken_back", str(year), region=region.code, by=by.username, now=now)


@transaction.atomic
def end(region: Region, year: int, *, by: User, now: datetime) -> None:
    """The second of two confirms it: orders go on, the rest is carried over or returned, once."""
    rows = YearEnd.objects.select_for_update(of=("self",)).order_by("pk")
    asked = {
        row.fund_id: row for row in rows.filter(fund__region=region, year=year, state=State.ASKED)
    }
    if not asked:
        raise Refused(Why.NO_YEAR_END, year=year)
    if any(row.asked_by_id == by.pk for row in asked.values()):
        raise Refused(Why.CLOSED_BY_TWO)
    for plan in plans_for(region, year, now=now, is_locked=True):
        row = asked.get(plan.fund.pk)
        if row is None:
            continue
        for line in plan.lines:
            _end_line(line, plan, row, region=region, by=by, now=now)
        row.told = {
            f"{line.budget.programme}": {
                "free_rp": line.free.rupiah,
                "moved_rp": line.moved_rp,
                "orders": len(line.moved),
                "stays_rp": line.stays_rp,
            }
            for line in plan.lines
        }
        row.state, row.done_by, row.done_at = State.DONE, by, now
        row.save()
        facts: dict[str, object] = {"document": row.document, "lines": row.told}
        subject = f"{plan.fund.code}/{year}"
        record("year.ended", subject, region=region.code, by=by.username, now=now, facts=facts)


def _end_line(
    line: Ending, plan: Plan, row: YearEnd, *, region: Region, by: User, now: datetime
) -> None:
    """One budget line: what is free leaves it, and its orders go on in the next year."""
    if line.is_done:
        return
    following = line.following
    if following is None and plan.carries:
        following = Budget.objects.create(
            fund=plan.fund,
            programme=line.budget.programme,
            year=line.budget.year + 1,
            decree=row.document,
        )
    old = _accounts_of(line.budget, region)
    new = _accounts_of(following, region) if following else {}
    held = _held_of(line)
    steps = (
        _freed(held, old),
        _leaving(line, plan, row, old),
        _arriving(line, row, new) if plan.carries else [],
        _set_aside_again(held, new, on=today_in(region, now)),
    )
    for moves in steps:  # one after the other: each moves what the one before it brought
        move_all(moves, region=region, by=by.username, now=now)


def _accounts_of(budget: Budget, region: Region) -> dict[str, Account]:
    kinds = (Kind.GRANTED, Kind.AVAILABLE, Kind.RESERVED)
    return {
        kind: Account.objects.get_or_create(region=region, kind=kind, budget=budget)[0]
        for kind in kinds
    }


def _held_of(line: Ending) -> dict[str, Held]:
    """What is set aside on a line for the orders that go on."""
    held = held_for_all(list(line.moved))
    return {
        order: next(each for each in held[order] if each.budget_id == line.budget.pk)
        for order in line.moved
    }


def _freed(held: dict[str, Held], old: dict[str, Account]) -> list[Move]:
    return [
        Move(
            kind=Transfer.Kind.RELEASE,
            source=old[Kind.RESERVED],
            target=old[Kind.AVAILABLE],
            amount=each.amount,
            about=order,
            key=f"release:year:{order}:{each.budget_id}",
            charged_on=each.charged_on,
            area=each.area,
        )
        for order, each in held.items()
    ]


def _leaving(line: Ending, plan: Plan, row: YearEnd, old: dict[str, Account]) -> list[Move]:
    kind = Transfer.Kind.CARRY_OUT if plan.carries else Transfer.Kind.RETURN
    whole = Money(line.free.rupiah + line.moved_rp)
    return [
        Move(
            kind=kind,
            source=old[Kind.AVAILABLE],
            target=old[Kind.GRANTED],
            amount=whole,
            about=row.document,
            key=f"{kind}:{row.pk}:{line.budget.pk}",
        )
    ]


def _arriving(line: Ending, row: YearEnd, new: dict[str, Account]) -> list[Move]:
    return [
        Move(
            kind=Transfer.Kind.CARRY_IN,
            source=new[Kind.GRANTED],
            target=new[Kind.AVAILABLE],
            amount=Money(line.free.rupiah + line.moved_rp),
            about=row.document,
            key=f"carry_in:{row.pk}:{line.budget.pk}",
        )
    ]


def _set_aside_again(held: dict[str, Held], new: dict[str, Account], *, on: date) -> list[Move]:
    """The orders count against the next year's ceilings from the day of the deed on."""
    parts = next_parts_of(list(held))
    return [
        Move(
            kind=Transfer.Kind.RESERVE,
            source=new[Kind.AVAILABLE],
            target=new[Kind.RESERVED],
            amount=each.amount,
            about=order,
            key=f"reserve:{order}:{new[Kind.RESERVED].budget_id}:{parts[order]}",
            charged_on=on,
            area=each.area,
        )
        for order, each in held.items()
    ]
