"""What a single value of a region pack may be: each check says what is wanted, or None."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

Check = Callable[[object], str | None]
LEVELS_MAX = 10  # the planner has no more terms


@dataclass(frozen=True, slots=True)
class Key:
    """One key or column: `check` says what is wrong with a value, or None."""

    check: Check
    meaning: str
    needed: bool = True


def _can_be_kept(value: str) -> bool:
    # PostgreSQL keeps no NUL, and no other control character is meant by anybody.
    return all(sign >= " " or sign in "\n\t" for sign in value)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of 1 to `most` characters that matches `pattern`."""

    most: int = 200
    pattern: str = ""
    like: str = ""

    def __call__(self, value: object) -> str | None:
        """What is wanted instead, or None."""
        if not isinstance(value, str) or not value.strip():
            return "a text in quotes"
        if len(value) > self.most:
            return f"at most {self.most} characters"
        if not _can_be_kept(value):
            return "it without control characters"
        if self.pattern and not re.fullmatch(self.pattern, value):
            return f"something like {self.like}"
        return None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between the two."""

    least: int = 0
    most: int = 10**15

    def __call__(self, value: object) -> str | None:
        """What is wanted instead, or None."""
        if not isinstance(value, int) or isinstance(value, bool):
            return f"a whole number from {self.least} to {self.most}"
        fits = self.least <= value <= self.most
        return None if fits else f"a whole number from {self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Wholes:
    """A list of whole numbers between the two, perhaps empty."""

    least: int
    most: int

    def __call__(self, value: object) -> str | None:
        """What is wanted instead, or None."""
        one = Whole(self.least, self.most)
        if not isinstance(value, list) or any(one(item) for item in value):
            return f"a list of whole numbers from {self.least} to {self.most}, like [4, 24]"
        return None


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words."""

    allowed: tuple[str, ...]

    def __call__(self, value: object) -> str | None:
        """What is wanted instead, or None."""
        return None if value in self.allowed else f"one of {', '.join(self.allowed)}"


text, whole, wholes = Text, Whole, Wholes


def one_of(*allowed: str) -> OneOf:
    """One of a few words."""
    return OneOf(allowed)


def number(least: float, most: float) -> Check:
    """A number between the two."""

    def check(value: object) -> str | None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return f"a number from {least} to {most}"
        return None if least <= value <= most else f"a number from {least} to {most}"

    return check


def day(value: object) -> str | None:
    """A calendar day."""
    return None if type(value) is date else "a date like 2026-01-31, without quotes"


def texts(value: object) -> str | None:
    """A list of texts, perhaps empty."""
    fits = isinstance(value, list) and all(
        isinstance(item, str) and item and _can_be_kept(item) for item in value
    )
    return None if fits else 'a list of texts like ["a", "b"]'


# The roles of accounts, an outer capability; a test over there compares.
ROLES = (
    "counter_clerk",
    "pharmacist",
    "rider",
    "village_clerk",
    "stall",
    "operator",
    "programme_officer",
    "treasurer",
    "auditor",
    "admin",
)


def roles(value: object) -> str | None:
    """Some roles, perhaps none."""
    fits = isinstance(value, list) and all(role in ROLES for role in value)
    return None if fits else f"a list of {', '.join(ROLES)}"


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekdays(value: object) -> str | None:
    """Some days of the week."""
    fits = isinstance(value, list) and value and all(day in WEEKDAYS for day in value)
    return None if fits else f"a list of {', '.join(WEEKDAYS)}"


def some_of(*allowed: str) -> Check:
    """A list of at least one of a few words."""

    def check(value: object) -> str | None:
        fits = isinstance(value, list) and value and all(each in allowed for each in value)
        return None if fits else f"a list of {', '.join(allowed)}"

    return check


def yes_or_no(value: object) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else "true or false, without quotes"


def clocks(value: object) -> str | None:
    """A list of times of day."""
    fits = isinstance(value, list) and value and not any(CLOCK(item) for item in value)
    return None if fits else 'a list of times like ["07:30", "13:00"]'


def levels(value: object) -> str | None:
    """Lists of terms of the planner, one list a level."""
    wanted = 'a list of lists like [["unserved"], ["lateness_s*10", "wait_s"]]'
    if not isinstance(value, list) or not 0 < len(value) <= LEVELS_MAX:
        return wanted
    return None if all(level and not texts(level) for level in value) else wanted


def shares(value: object) -> str | None:
    """Fleets with the least and the most of their share."""
    wanted = 'a list like [{fleet = "ojek", least_percent = 20, most_percent = 60}]'
    percent, keys = whole(0, 100), {"fleet", "least_percent", "most_percent"}
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return wanted
    fits = all(
        set(each) == keys
        and not CODE(each["fleet"])
        and not percent(each["least_percent"])
        and not percent(each["most_percent"])
        for each in value
    )
    return None if fits else wanted


def area_ceilings(value: object) -> str | None:
    """Districts with the most that a fund pays for each."""
    wanted = 'a list like [{area = "99.01.01", month_rp = 500000, year_rp = 5000000}]'
    rupiah, kinds = whole(1), {"month_rp", "year_rp"}
    if not isinstance(value, list) or not value or not all(isinstance(e, dict) for e in value):
        return wanted
    fits = all(
        kinds & set(each)
        and set(each) <= kinds | {"area"}
        and not AREA_CODE(each.get("area"))
        and not any(rupiah(each[kind]) for kind in kinds & set(each))
        for each in value
    )
    return None if fits else wanted


def bounds(value: object) -> str | None:
    """A box on the globe."""
    wanted = "four numbers in degrees: west, south, east, north, with west < east and south < north"
    if not isinstance(value, list) or [type(x) in (int, float) for x in value] != [True] * 4:
        return wanted
    west, south, east, north = value
    return None if -180 <= west < east <= 180 and -90 <= south < north <= 90 else wanted


CODE = text(40, r"[a-z0-9]+(-[a-z0-9]+)*", "rsud-kota")
AREA_CODE = text(20, r"\d\d(\.\d\d){1,2}(\.\d{4})?", "99.01.01.2001")
CLOCK = text(5, r"([01]\d|2[0-3]):[0-5]\d", "07:30")
PHONE = text(30, r"[+(0-9][0-9 ()-]{1,28}", "(0400) 100200")


def tiers(value: object) -> str | None:
    """Steps of a tariff, each with its end and either a price of the trip or of a kilometre."""
    wanted = (
        "a list like [{ up_to_m = 15_000, rp = 10_000 }, { up_to_m = 30_000, per_km_rp = 800 }]"
    )
    if not isinstance(value, list) or not value:
        return wanted
    metres, rupiah = whole(1, 10**6), whole(0, 10**7)
    for step in value:
        if not isinstance(step, dict) or set(step) not in _STEP_KEYS:
            return wanted
        if metres(step["up_to_m"]) or any(rupiah(step[key]) for key in step):
            return wanted
    return None


_STEP_KEYS = ({"up_to_m", "rp"}, {"up_to_m", "per_km_rp"})


def zones(value: object) -> str | None:
    """Flat prices, each with the areas where it holds."""
    wanted = 'a list like [{ areas = ["99.01.03", "99.01.02.2001"], rp = 24_000 }]'
    if not isinstance(value, list) or not value:
        return wanted
    rupiah = whole(0, 10**7)
    for zone in value:
        if not isinstance(zone, dict) or set(zone) != {"areas", "rp"} or rupiah(zone["rp"]):
            return wanted
        areas = zone["areas"]
        if not isinstance(areas, list) or not areas or any(AREA_CODE(area) for area in areas):
            return wanted
    return None
