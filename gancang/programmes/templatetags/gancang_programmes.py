"""How templates tell of programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext as _

from gancang.programmes.key_words import find_step, kind_in_words
from gancang.values import N_
from gancang.web.templatetags.gancang_web import translated

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()
register.filter("translated", translated)

GROUP_WORDS = {
    "in": N_("Would be in"),
    "new": N_("New against the version in force"),
    "gone": N_("Would fall out"),
    "out": N_("Would not be in"),
}
DRAFT_STATES = {
    "draft": N_("being written"),
    "tried": N_("tried on the registry"),
    "submitted": N_("submitted, waits for two approvals"),
    "approved": N_("approved by two"),
    "dropped": N_("dropped"),
}


@register.filter
def kind_of(terms: Mapping[str, Any]) -> str:
    """The kind of a programme in words."""
    return kind_in_words(str(terms.get("kind", "deliver")))


@register.filter
def draft_state(state: str) -> str:
    """How far a draft has come."""
    return _(DRAFT_STATES[state])


@register.filter
def step_title(slug: str) -> str:
    """Which page of a draft was saved."""
    found = find_step(slug)
    return _(found.title) if found else _("the whole draft")


@register.filter
def group_words(group: str) -> str:
    """A group of people of a trial."""
    return _(GROUP_WORDS[group])
