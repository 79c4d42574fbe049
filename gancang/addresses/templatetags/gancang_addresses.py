"""Words of landmarks."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from gancang.addresses.rules import KINDS, SOURCES

register = template.Library()


@register.filter
def kind_of_landmark(code: str) -> str:
    """Mosque, school, shop."""
    return _(KINDS.get(code, code))


@register.filter
def told_by(code: str) -> str:
    """Who told of it."""
    return _(SOURCES.get(code, code))
