"""What other capabilities' pages show of riders' papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone

from gancang.fleet.queries import papers_of, seen_of, trainings_of
from gancang.fleet.rules import first_to_end
from gancang.fleet.seeing import keep_days
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from django.template.context import RequestContext

    from gancang.fleet.models import Rider

register = template.Library()


@register.inclusion_tag("fleet/own_notes.html")
def own_notes(rider: Rider) -> dict[str, Any]:
    """What of a rider's own papers and trainings ends, on his first page."""
    today = today_in(rider.region, timezone.now())
    trainings = trainings_of(rider, today=today)
    # Of each class the training that lasts longest comes first, and alone counts.
    last = {each.title: each for each in reversed(trainings)}
    return {
        "to_mend": first_to_end(papers_of(rider, on=today)),
        "trainings": [each for each in last.values() if each.state != "valid"],
    }


@register.inclusion_tag("fleet/being_seen.html", takes_context=True)
def being_seen(context: RequestContext) -> dict[str, Any]:
    """Whether the visitor's own place is seen now, on each page of a rider.

    A page that knows it already tells it as `seen`; riders look at that page all day.
    """
    user, region = context.request.user, context["membership"].region
    assert user.is_authenticated
    return {
        "seen": context.get("seen") or seen_of(user, now=timezone.now()),
        "keep_days": keep_days(region.config),
        "zone": region.timezone,
    }
