"""The end of a budget year: open orders go on in the next, the rest is carried over or returned."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Case, F, Min, Q, Sum, When

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
class Bound:
    """What one order has set aside on a line."""

    order: str
    amount: Money
    since: datetime  # when it was first set aside there


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What the end of the year does to one budget line."""

    budget: Budget
    following: Budget | None
    free: Money  # of the old line, not set aside
    moved: dict[str, Money]  # orders that go on at the expense of the next year's line
    stays: list[Bound]  # orders that the next year has nothing for: bound to the old line

    @property
    def moved_rp(self) -> int:
        """What the orders that go on need."""
        return sum(each.rupiah for each in self.moved.values())

    @property
    def stays_rp(self) -> int:
        """What stays bound to the old line."""
        return sum(each.amount.rupiah for each in self.stays)

    @property
    def lacks_rp(self) -> int:
        """By how much the next year's line falls short of bearing all of its orders."""
        rest = free_of(self.following) - self.moved_rp if self.following else 0
        return max(0, self.stays_rp - rest)

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


def rules_of(region: Region, year: int) -> dict[str, Rule]:
    """What the pack says of each fund at the end of a year: the newest of its rules in force."""
    rows: list[dict[str, Any]] = region.config.get("money", {}).get("year_end", [])
    last = date(year, 12, 31).isoformat()
    in_force = sorted((row for row in rows if row["from"] <= last), key=lambda row: row["from"])
    return {
        row["fund"]: Rule(
            rest=row["rest"], settle_until=row.get("settle_until", 0), decree=row["decree"]
        )
        for row in in_force
    }


def plans_for(region: Region, year: int, *, now: datetime, is_locked: bool = False) -> list[Plan]:
    """How each fund's year would end now. A fixed number of queries."""
    today, rules = today_in(region, now), rules_of(region, year)
    budgets = _budgets(region, year, is_locked=is_locked)
    following = {(b.fund_id, b.programme): b for b in budgets if b.year == year + 1}
    old = [each for each in budgets if each.year == year]
    held = _held_by_budget(old)
    lines: dict[Fund, list[Ending]] = defaultdict(list)
    for budget in old:
        rule, then = rules.get(budget.fund.code), following.get((budget.fund_id, budget.programme))
        lines[budget.fund].append(_ending(budget, then, held[budget.pk], rule))
    return [
        Plan(fund=fund, rule=rule, lines=some, is_due=bool(rule and today >= rule.ends_on(year)))
        for fund, some in lines.items()
        for rule in [rules.get(fund.code)]
    ]


def _budgets(region: Region, year: int, *, is_locked: bool) -> list[Budget]:
    """The lines of a year and of the next, each with what is free on it."""
    rows = Budget.objects.filter(fund__region=region, year__in=(year, year + 1))
    if is_locked:
        accounts = Account.objects.filter(budget__in=rows.values("pk")).order_by("pk")
        list(accounts.select_for_update(of=("self",)).values_list("pk"))
    free = Sum("account__balance_rp", filter=Q(account__kind=Kind.AVAILABLE), default=0)
    told = rows.select_related("fund__region").annotate(free_rp=free)
    return list(told.order_by("fund__code", "programme"))


def _ending(
    budget: Budget, following: Budget | None, held: list[Bound], rule: Rule | None
) -> Ending:
    """One line. Money that is carried over goes along with its orders; else the next year pays."""
    carries = rule is not None and rule.rest == CARRY
    reach = None if carries else free_of(following) if following else 0
    moved, stays = shared(held, reach)
    free = Money(free_of(budget))
    return Ending(budget=budget, following=following, free=free, moved=moved, stays=stays)


def free_of(budget: Budget) -> int:
    """What is free on a line that was read here."""
    rupiah: int = budget.free_rp  # type: ignore[attr-defined]
    return rupiah


def shared(held: Sequence[Bound], free: int | None) -> tuple[dict[str, Money], list[Bound]]:
    """Which orders go on, the oldest first, as far as `free` reaches; None: all of them."""
    moved, stays = {}, []
    for each in sorted(held, key=lambda one: (one.since, one.order)):
        if free is not None and each.amount.rupiah > free:
            stays.append(each)
            continue
        moved[each.order] = each.amount
        free = None if free is None else free - each.amount.rupiah
    return moved, stays


def _held_by_budget(budgets: Sequence[Budget]) -> dict[int, list[Bound]]:
    """What each order still has set aside on each of these lines, and since when. One query."""
    kind = Transfer.Kind
    puts = Q(kind__in=(kind.RESERVE, kind.REVERSE), target__budget__in=budgets)
    takes = Q(kind__in=(kind.SETTLE, kind.RELEASE), source__budget__in=budgets)
    rows = (
        Transfer.objects.filter(puts | takes)
        .order_by()
        .annotate(line=Case(When(puts, then="target__budget"), default="source__budget"))
        .values("line", "about")
        .annotate(
            left=Sum(Case(When(puts, then="amount_rp"), default=-F("amount_rp"))), first=Min("at")
        )
        .filter(left__gt=0)
    )
    held: dict[int, list[Bound]] = defaultdict(list)
    for row in rows:
        bound = Bound(order=row["about"], amount=Money(row["left"]), since=row["first"])
        held[row["line"]].append(bound)
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
                "stays": len(line.stays),
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
