"""Papers that a region asks of its shops: which, how they are numbered, how a shop stands. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from gancang.shops.rules import Why
from gancang.values import N_, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# What becomes of a shop whose paper is not in order.
NEVER, EXPIRED, MISSING = "never", "expired", "missing"
VALID, SOON = "valid", "soon"
STANDINGS = {
    VALID: N_("valid"),
    SOON: N_("runs out soon"),
    EXPIRED: N_("run out"),
    MISSING: N_("not there yet"),
}
NIB, P_IRT, FREE, NONE = "nib", "p-irt", "free", "none"
NUMBERED = (NIB, P_IRT, FREE, NONE)
NIB_DIGITS, P_IRT_DIGITS, OLD_P_IRT_DIGITS = 13, 15, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A paper that a region asks of some of its shops, as its pack tells it."""

    code: str
    title: str
    number: str  # how it is numbered
    expires: bool
    bars: str
    assisted: bool  # who is being assisted may sell while it is missing
    rule: str


def kinds_of(config: Mapping[str, Any], shop_kind: str, *, on: date) -> list[Kind]:
    """The papers that a region's pack asks of this kind of shop on a day, in the pack's order."""
    return [
        Kind(
            code=each["code"],
            title=each["title"],
            number=each["number"],
            expires=each["expires"],
            bars=each["bars"],
            assisted=each.get("assisted", False),
            rule=each["rule"],
        )
        for each in config.get("shops", {}).get("papers", [])
        if shop_kind in each["kinds"]
        and date.fromisoformat(each["from"]) <= on <= date.fromisoformat(each["until"])
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a shop stands with one paper."""

    kind: Kind
    state: str  # valid, soon, expired, missing
    expires_on: date | None = None
    days_left: int | None = None
    is_seen: bool = True  # somebody of the regency compared it
    is_assisted: bool = False

    @property
    def bars(self) -> bool:
        """Whether it keeps the shop from new orders."""
        if self.state == MISSING:
            return self.kind.bars == MISSING and not (self.kind.assisted and self.is_assisted)
        return self.state == EXPIRED and self.kind.bars != NEVER


def stand(
    kind: Kind,
    ends: Mapping[str, tuple[date | None, bool]],
    *,
    on: date,
    warn_days: int,
    is_assisted: bool,
) -> Standing:
    """How a shop stands. `ends`: the last day of each paper that was shown, and whether seen."""
    if kind.code not in ends:
        return Standing(kind=kind, state=MISSING, is_seen=False, is_assisted=is_assisted)
    last, is_seen = ends[kind.code]
    days_left = None if last is None else (last - on).days
    state = VALID
    if days_left is not None and days_left <= warn_days:
        state = EXPIRED if days_left < 0 else SOON
    return Standing(
        kind=kind,
        state=state,
        expires_on=last,
        days_left=days_left,
        is_seen=is_seen,
        is_assisted=is_assisted,
    )


def first_bar(standings: Iterable[Standing]) -> Standing | None:
    """The first paper that keeps a shop from new orders, or None."""
    return next((each for each in standings if each.bars), None)


def lacking(standings: Iterable[Standing]) -> list[Standing]:
    """What is not in order or nobody has compared yet, in the pack's order."""
    return [each for each in standings if each.state != VALID or not each.is_seen]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed of a paper."""

    number: str
    issued_on: date | None
    expires_on: date | None
    photo: bytes = b""


def judge(kind: Kind, typed: Typed, *, today: date) -> Typed:
    """The paper as it is kept: its number plain, its last day known. Refused where it cannot be."""
    number = plain_number(kind, typed.number)
    if typed.issued_on and typed.issued_on > today:
        raise Refused(Why.ISSUED_AHEAD)
    expires_on = typed.expires_on if kind.expires else None
    year = year_of_p_irt(number) if kind.number == P_IRT else None
    if year and expires_on and expires_on.year != year:
        raise Refused(Why.P_IRT_YEAR, year=year, typed=expires_on.year)
    if year and expires_on is None:
        expires_on = date(year, 12, 31)
    if kind.expires and expires_on is None:
        raise Refused(Why.NO_END, paper=kind.title)
    if typed.issued_on and expires_on and expires_on < typed.issued_on:
        raise Refused(Why.ENDS_BEFORE)
    return Typed(number=number, issued_on=typed.issued_on, expires_on=expires_on)


def plain_number(kind: Kind, typed: str) -> str:
    """A paper's number without what people write between its digits. Refused if it is none."""
    if kind.number == NONE:
        return typed.strip()
    if not typed.strip():
        raise Refused(Why.NO_NUMBER)
    if kind.number == FREE:
        return " ".join(typed.split())
    bare = re.sub(r"^\s*(p[-. ]?irt|nib)\b[\s.:]*(no\.?|nomor)?", "", typed, flags=re.IGNORECASE)
    digits = re.sub(r"[\s./-]", "", bare)
    if not re.fullmatch(r"[0-9]+", digits):
        raise Refused(Why.NOT_DIGITS)
    if kind.number == NIB and len(digits) != NIB_DIGITS:
        raise Refused(Why.NOT_NIB, digits=len(digits))
    if kind.number == P_IRT and len(digits) not in {P_IRT_DIGITS, OLD_P_IRT_DIGITS}:
        raise Refused(Why.NOT_P_IRT, digits=len(digits))
    return digits


def year_of_p_irt(number: str) -> int | None:
    """The year in which a P-IRT number of 15 digits ends; None for an old one of 12.

    1 packaging, 2-3 kind of food, 4-7 regency, 8-9 product, 10-13 producer, 14-15 the year.
    """
    return 2000 + int(number[13:]) if len(number) == P_IRT_DIGITS else None


def is_of_regency(number: str, region_code: str) -> bool:
    """Whether a P-IRT number was given in this regency: its digits 4 to 7."""
    return number[3:7] == region_code.replace(".", "")[:4]


def masked(number: str) -> str:
    """A paper's number as pages show it: its last four signs."""
    return f"…{number[-4:]}" if len(number) > 4 else number


def warned_from(expires_on: date, *, warn_days: int) -> date:
    """From which day on an owner is warned."""
    return expires_on - timedelta(days=warn_days)


def sorted_by_urgency(standings: Sequence[Standing]) -> list[Standing]:
    """What is not in order, what bars first, then by its last day."""
    return sorted(lacking(standings), key=lambda each: (not each.bars, each.expires_on or date.max))
