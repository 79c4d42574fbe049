"""How templates write money, times, distances and where the visitor is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gancang.values import in_words
from gancang.web.middleware import page_before

if TYPE_CHECKING:
    from django.template.context import RequestContext

register = template.Library()


@register.filter
def rupiah(amount: object) -> str:
    """Rp 12.345 for whole rupiah or Money."""
    return in_words(amount) if isinstance(amount, int) else str(amount)


@register.filter
def local(moment: datetime | None, zone: str) -> str:
    """Date and time by the region's clock, in one piece: 24-11-2026 09.15."""
    if not moment:  # None, or what a template does not find
        return ""
    # Browsers break lines behind the hyphens of a date.
    words = moment.astimezone(ZoneInfo(zone)).strftime("%d-%m-%Y %H.%M")
    return format_html('<span class="nowrap">{}</span>', words)


@register.filter
def clock(moment: datetime | None, zone: str) -> str:
    """The time alone by the region's clock: 09.15."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H.%M") if moment else ""


@register.filter
def kilometres(metres: int) -> str:
    """Kilometres with one decimal: 4,2 km."""
    return f"{metres / 1000:.1f} km".replace(".", ",")


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, or how soon, in the largest unit that says something."""
    if moment is None:
        return ""
    gap = timezone.now() - moment
    if abs(gap) < timedelta(minutes=1):
        return _("just now")
    words = spell(abs(gap))
    return (
        _("%(gap)s ago") % {"gap": words}
        if gap >= timedelta(0)
        else _("in %(gap)s") % {"gap": words}
    )


def spell(gap: timedelta) -> str:
    """A length of time in one unit: 3 minutes, 2 hours, 5 days."""
    minutes = int(gap.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


@register.filter
def translated(sentence: object) -> str:
    """A sentence from a table of rules, in the reader's language."""
    return _(str(sentence)) if sentence else ""


@register.simple_tag(takes_context=True)
def page_to_stay_on(context: RequestContext) -> str:
    """Where the visitor is; after a form was sent, there is no page but the one before."""
    request = context.request
    return request.get_full_path() if request.method == "GET" else page_before(request)
