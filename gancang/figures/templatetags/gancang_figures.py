"""Bars drawn as SVG by the server, and how figures are said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext as _

from gancang.orders.lifecycle import Failure
from gancang.web.templatetags.gancang_web import spell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from gancang.figures.rules import ByClinic, Spread

register = template.Library()
NAME, WIDE, HIGH = 150, 420, 26  # of the names, of the bars, of a line, in the drawing's units


@register.inclusion_tag("figures/bars.html")
def waiting_bars(clinics: Sequence[ByClinic], leg: str) -> dict[str, Any]:
    """A line a clinic: the median dark, the 90th percentile light, the 30 minutes dashed."""
    known = [(each.clinic, spread) for each in clinics if (spread := each.legs[leg])]
    longest = max((spread.p90 for _name, spread in known), default=0)
    scale = WIDE / max(longest, 40)
    bars = [_bar(n, name, spread, scale) for n, (name, spread) in enumerate(known)]
    height = HIGH * len(bars) + 24
    limit = NAME + 30 * scale if leg == "waiting" else None
    return {"bars": bars, "width": NAME + WIDE + 90, "height": height, "limit": limit}


def _bar(line: int, name: str, spread: Spread, scale: float) -> dict[str, Any]:
    return {
        "name": name if len(name) <= 20 else f"{name[:19]}…",
        "y": line * HIGH + 20,
        "text_y": line * HIGH + 34,
        "x": NAME,
        "half": round(spread.median * scale, 1),
        "most": round(spread.p90 * scale, 1),
        "told_x": round(NAME + spread.p90 * scale + 8, 1),
        "told": f"{spread.median:.0f} / {spread.p90:.0f}",
    }


@register.filter
def spelt(gap: timedelta) -> str:
    """A length of time in one unit: 3 minutes, 2 hours, 5 days."""
    return spell(gap)


@register.filter
def minutes(spread: Spread | None) -> str:
    """Median and 90th percentile: 24 / 41."""
    return f"{spread.median:.0f} / {spread.p90:.0f}" if spread else "-"


@register.filter
def minutes_of_many(spread: Spread | None) -> str:
    """Median, 90th percentile and of how many: 24 / 41 (n = 35)."""
    return f"{minutes(spread)} (n = {spread.count})" if spread else "-"


@register.filter
def leg_of(legs: Mapping[str, Spread | None], leg: str) -> Spread | None:
    """One part of the way."""
    return legs[leg]


@register.filter
def percent_of(part: int, whole: int) -> str:
    """A share in whole percent, or a dash where there is nothing to share."""
    return f"{100 * part / whole:.0f} %" if whole else "-"


@register.filter
def hours(minutes_in_all: int) -> str:
    """Hours with a thousands' point."""
    return f"{minutes_in_all / 60:,.0f}".replace(",", ".")


@register.filter
def reason_words(reason: str) -> str:
    """Why a visit failed, in the reader's language."""
    known = {failure.value: failure.sentence for failure in Failure}
    return _(known[reason]) if reason in known else reason
