"""The planner's terms and figures in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gancang.values import N_, in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ENGINES = {"kernel": N_("compiled planner"), "reference": N_("planner in plain Python")}
# What a policy minds.
TERMS = {
    "unserved": N_("orders that nobody brings"),
    "vehicles": N_("riders who set out"),
    "lateness_s": N_("lateness"),
    "wait_s": N_("lying ready"),
    "distance_m": N_("distance"),
    "duration_s": N_("time on the road"),
    "money": N_("cost of riders"),
    "imbalance_min2": N_("uneven work"),
    "off_share": N_("fleets off their share"),
    "changes": N_("orders that change riders"),
}
# What both plans are compared by.
FIGURES = {
    "served": N_("orders given to somebody"),
    "riders": N_("riders who set out"),
    "lateness_s": N_("lateness"),
    "wait_s": N_("lying ready"),
    "distance_m": N_("distance"),
    "duration_s": N_("time on the road"),
}
# What is said where one has more, and less, than another.
MORE_AND_LESS = {
    "lateness_s": (N_("%(amount)s later"), N_("%(amount)s less late")),
    "wait_s": (N_("fetched %(amount)s later"), N_("fetched %(amount)s sooner")),
    "distance_m": (N_("%(amount)s farther"), N_("%(amount)s shorter")),
    "duration_s": (N_("%(amount)s longer on the road"), N_("%(amount)s less on the road")),
    "money": (N_("%(amount)s dearer"), N_("%(amount)s cheaper")),
    "vehicles": (N_("one more rider has to set out"), N_("nobody has to set out for it")),
    "imbalance_min2": (N_("work is shared less evenly"), N_("work is shared more evenly")),
    "off_share": (N_("farther from the fleets' shares"), N_("closer to the fleets' shares")),
    "changes": (N_("more orders change riders"), N_("fewer orders change riders")),
}
ALWAYS = ("lateness_s", "wait_s", "distance_m", "duration_s")


def minutes(seconds: int) -> str:
    """Whole minutes, rounded: 4 minutes."""
    n = _whole_minutes(seconds)
    return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}


def kilometres(metres: int) -> str:
    """Kilometres with one decimal: 4,2 km."""
    return f"{metres / 1000:.1f} km".replace(".", ",")


def _whole_minutes(seconds: int) -> int:
    return (seconds + 30) // 60


_AMOUNTS: dict[str, Callable[[int], str]] = {
    "lateness_s": minutes,
    "wait_s": minutes,
    "duration_s": minutes,
    "distance_m": kilometres,
    "money": in_words,
}


def amount(part: str, value: int) -> str:
    """A figure of a plan with its unit; a bare number where it counts things."""
    told = _AMOUNTS.get(part, str)(abs(value))
    return f"\u2212{told}" if value < 0 else told


def gap(part: str, value: int) -> str:
    """The same with its sign; "" where there is none to speak of."""
    if _is_nothing(part, value):
        return ""
    return amount(part, value) if value < 0 else f"+{amount(part, value)}"


def _is_nothing(part: str, value: int) -> bool:
    least = {"lateness_s": 30, "wait_s": 30, "duration_s": 30, "distance_m": 50}.get(part, 1)
    return abs(value) < least


def told_score(score: Mapping[str, int]) -> list[str]:
    """What an order adds to the round of the rider who is asked."""
    if not score:
        return []
    late_s, wait_s = score.get("lateness_s", 0), score.get("wait_s", 0)
    said = [
        _("%(amount)s after the promise") % {"amount": minutes(late_s)}
        if not _is_nothing("lateness_s", late_s)
        else _("in time"),
        _("fetched %(amount)s after it was ready") % {"amount": minutes(wait_s)},
        _("adds %(distance)s and %(time)s to the round")
        % {
            "distance": amount("distance_m", score.get("distance_m", 0)),
            "time": amount("duration_s", score.get("duration_s", 0)),
        },
    ]
    if score.get("vehicles"):
        said.append(_("sets out for it"))
    return said


def told_against(
    chosen: Mapping[str, int], other: Mapping[str, int], weighed: Sequence[str]
) -> list[str]:
    """How another rider compares with the one who was asked: first what the policy weighs."""
    said = []
    for part in dict.fromkeys((*weighed, *ALWAYS)):
        value = other.get(part, 0) - chosen.get(part, 0)
        if part in MORE_AND_LESS and not _is_nothing(part, value):
            more, less = MORE_AND_LESS[part]
            said.append(_(more if value > 0 else less) % {"amount": amount(part, abs(value))})
    return said or [_("just as good")]


def told_levels(levels: Sequence[Sequence[str]]) -> list[str]:
    """What a policy minds, a line a level: lateness times 10 + lying ready."""
    return [" + ".join(_weighed(told) for told in level) for level in levels]


def _weighed(told: str) -> str:
    term, _star, weight = told.replace(" ", "").partition("*")
    words = _(TERMS[term])
    return f"{words} \u00d7 {weight}" if weight not in ("", "1") else words
