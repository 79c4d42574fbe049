"""The words of incidents, and what a rider must see before all else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.incidents import rules
from gancang.incidents.alarms import alarms_for, find_call_for_help
from gancang.incidents.queries import find_note_to_take, notices_for

if TYPE_CHECKING:
    from django.template.context import RequestContext

register = template.Library()


@register.filter
def kind_words(kind: str) -> str:
    """What kind of incident it is."""
    return _(rules.KINDS.get(kind, kind))


@register.filter
def disposition_words(disposition: str) -> str:
    """What becomes of a bag."""
    return _(rules.DISPOSITIONS.get(disposition, disposition))


@register.inclusion_tag("incidents/notices.html", takes_context=True)
def rider_notices(context: RequestContext) -> dict[str, Any]:
    """Bags that were stopped in the visitor's hands, and recalls that he has not read yet."""
    user = context.request.user
    assert user.is_authenticated
    return {
        "notices": notices_for(user),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("incidents/safety.html", takes_context=True)
def safety_button(context: RequestContext) -> dict[str, Any]:
    """The rider's safety button, or how far his call for help is."""
    user = context.request.user
    assert user.is_authenticated
    membership = context["membership"]
    return {
        "call": find_call_for_help(user),
        "emergency": membership.region.config.get("emergency_phone", ""),
        "helper": membership.region.phone,
        "zone": membership.region.timezone,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("incidents/alarms.html", takes_context=True)
def open_alarms(context: RequestContext) -> dict[str, Any]:
    """What rings on the visitor's board."""
    membership = context["membership"]
    return {
        "alarms": alarms_for(membership),
        "note": find_note_to_take(membership, now=timezone.now()),
        "emergency": membership.region.config.get("emergency_phone", ""),
        "zone": membership.region.timezone,
        "csrf_token": context.get("csrf_token"),
    }
