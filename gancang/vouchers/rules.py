"""Cycles, balances, and why a voucher is not taken. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gancang.values import N_, Money, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

LATE_DAYS = 2  # what a phone without network kept is still taken; only then the rest lapses
WARN_DAYS = 7  # before the last day whoever has something left is told
ISSUED, CLOSED = "issued", "closed"
STATES = {ISSUED: N_("In force"), CLOSED: N_("Over")}
TAKEN, GIVEN_BACK = "taken", "given_back"
REDEEMED = {TAKEN: N_("Redeemed"), GIVEN_BACK: N_("Given back")}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
FACTORS = {"card": N_("the card"), "born": N_("the card and the date of birth")}


class Why(Reason):
    """Why no voucher is given, or none is taken."""

    NO_VOUCHERS = "no_vouchers", N_("{programme} gives no vouchers.")
    NOBODY_LEFT = "nobody_left", N_("Everybody who is enrolled in {programme} has it already.")
    NOTHING_HERE = "nothing_here", N_("This card has no balance that is taken here today.")
    NOT_AT_YOURS = "not_at_yours", N_("{programme} is not taken at {shop}.")
    NOT_YET = "not_yet", N_("This balance is taken from {first} on.")
    OVER = "over", N_("This balance was taken until {last}; what was left of it has lapsed.")
    TOO_MUCH = "too_much", N_("Only {left} is left on this card; {asked} was asked for.")
    HOW_MUCH = "how_much", N_("Write how much, as a whole number above zero.")
    WRONG_BIRTH = "wrong_birth", N_("The date of birth does not fit this card. Ask again.")
    TOO_MANY_TRIES = (
        "too_many_tries",
        N_("The date of birth was wrong five times today. The regency's help number decides."),
    )
    GIVEN_BACK_ALREADY = "given_back_already", N_("This was given back already.")
    NOT_YOURS = "not_yours", N_("Only {shop} gives this back, or the regency's officer.")
    PAID_ALREADY = (
        "paid_already",
        N_("This is on its way to the bank, or paid. The treasurer takes it back from there."),
    )
    SAY_WHY = "say_why", N_("Say why, in a few words.")
    DECEASED = "deceased", N_("This person is noted as deceased.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a programme gives each holder in a cycle."""

    cycle: str
    count: int
    unit: str  # "": rupiah
    unit_rp: int
    valid_days: int | None = None
    at: tuple[str, ...] = ()
    carries: bool = False
    born_from: int | None = None


def offer_of(told: Mapping[str, Any] | None) -> Offer | None:
    """What a programme's data say; None where it gives no vouchers."""
    if not told:
        return None
    return Offer(
        cycle=told["cycle"],
        count=told.get("amount_rp") or told["count"],
        unit=told.get("unit", ""),
        unit_rp=told.get("unit_rp", 1),
        valid_days=told.get("valid_days"),
        at=tuple(told.get("at", ())),
        carries=told.get("carries", False),
        born_from=told.get("born_from"),
    )


@dataclass(frozen=True, slots=True)
class Cycle:
    """From when until when one balance is given, and by which name it is known."""

    code: str
    first: date
    last: date

    def as_kept(self) -> dict[str, Any]:
        """As a voucher's own fields."""
        return {"cycle": self.code, "first": self.first, "last": self.last}


def cycle_on(day: date, offer: Offer) -> Cycle:
    """The cycle that a day lies in, with the last day on which its balance is taken."""
    months = MONTHS[offer.cycle]
    begins = (day.month - 1) // months * months + 1
    first = date(day.year, begins, 1)
    after = begins + months
    ends = date(day.year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)
    if offer.carries:  # the next cycle takes over what is left, the year's end does not
        ends = date(day.year, 12, 31)
    if offer.valid_days is not None:
        ends = first + timedelta(days=offer.valid_days - 1)
    names = {"month": f"{first:%Y-%m}", "quarter": f"{first:%Y}-{begins // 3 + 1}"}
    return Cycle(names.get(offer.cycle, f"{first:%Y}"), first, ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What stands on a voucher, and where and when it is taken."""

    programme: str
    left: int
    unit: str  # "": rupiah
    first: date
    last: date
    at: Sequence[str]


def in_words(count: int, unit: str) -> str:
    """How much, as people say it: Rp 50.000, or 3 porsi."""
    return f"{count} {unit}" if unit else str(Money(count))


def refuse_redeeming(balance: Balance, asked: int, *, shop: tuple[str, str], on: date) -> None:
    """Refuse what is not there, not here, or not now. `shop`: its code and its name."""
    if asked <= 0:
        raise Refused(Why.HOW_MUCH)
    if balance.at and shop[0] not in balance.at:
        raise Refused(Why.NOT_AT_YOURS, programme=balance.programme, shop=shop[1])
    if on < balance.first:
        raise Refused(Why.NOT_YET, first=f"{balance.first:%d-%m-%Y}")
    if on > balance.last:
        raise Refused(Why.OVER, last=f"{balance.last:%d-%m-%Y}")
    if asked > balance.left:
        left, wanted = (in_words(count, balance.unit) for count in (balance.left, asked))
        raise Refused(Why.TOO_MUCH, left=left, asked=wanted)
