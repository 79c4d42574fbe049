"""The words of applications."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from gancang.enrolment.need_rules import OUTCOMES
from gancang.enrolment.rules import STATES, State
from gancang.values import N_

register = template.Library()
DEEDS = {
    "apply": N_("applied"),
    "judge": N_("judged by what was known"),
    "enrol": N_("got a place"),
    "pause": N_("paused"),
    "resume": N_("goes on"),
    "end": N_("ended"),
    "appeal": N_("appealed"),
    "uphold": N_("refusal upheld"),
    "override": N_("let in against the rules"),
    "lapse": N_("time ran out"),
    "moved": N_("the house is elsewhere now"),
    "verify": N_("seen in the field"),
}
LOOKS = {
    "enrolled": "good",
    "refused": "bad",
    "incomplete": "warn",
    "appealed": "warn",
    "flagged": "warn",
}


@register.filter
def state_words(state: str) -> str:
    """Where an application stands."""
    return _(STATES[State(state)])


@register.filter
def state_look(state: str) -> str:
    """How its pill looks."""
    return LOOKS.get(state, "")


@register.filter
def deed_words(deed: str) -> str:
    """What was done."""
    return _(DEEDS[deed])


@register.filter
def outcome_words(outcome: str) -> str:
    """What was done about a report."""
    return _(OUTCOMES[outcome])


@register.filter
def column_words(column: str) -> str:
    """What stands in a column of a list."""
    return _("Code") if column == "code" else _("what was found")
