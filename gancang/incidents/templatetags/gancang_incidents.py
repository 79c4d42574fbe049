"""The words of incidents, and what a rider must see before all else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext as _

from gancang.incidents import rules
from gancang.incidents.queries import notices_for

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
