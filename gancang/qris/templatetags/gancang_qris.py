"""Words for bills: states, what gateways told, what people decided."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from gancang.qris.rules import PROBLEMS, STATES, WHAT_TO_DO, Problem
from gancang.values import N_

register = template.Library()
MISMATCH_STATES = {
    "open": N_("open"),
    "asked": N_("waits for a second person"),
    "sending": N_("the gateway is asked"),
    "refunded": N_("given back"),
    "accepted": N_("accepted"),
    "closed": N_("closed"),
}
TOLD = {
    "paid": N_("paid"),
    "pending": N_("not paid yet"),
    "failed": N_("will not be paid"),
    "refunded": N_("given back"),
}
FOUND = {
    "settled": N_("the bill is paid"),
    "ended": N_("the bill ended unpaid"),
    "nothing": N_("nothing to change"),
    "listed": N_("on the operators' list"),
}
DEEDS = {
    "listed": N_("listed"),
    "refund": N_("give it back"),
    "accept": N_("accept it"),
    "agreed": N_("stands for it"),
    "not_agreed": N_("not to be done"),
    "found_out": N_("found out"),
    "closed": N_("closed"),
    "refunded": N_("given back"),
    "refused": N_("the gateway said no"),
}


@register.filter
def bill_state(state: str) -> str:
    """How a bill stands."""
    return _(STATES.get(state, state))


@register.filter
def mismatch_state(state: str) -> str:
    """How far a mismatch has come."""
    return _(MISMATCH_STATES.get(state, state))


@register.filter
def problem_words(problem: str) -> str:
    """What does not agree."""
    return _(PROBLEMS[Problem(problem)])


@register.filter
def what_to_do(problem: str) -> str:
    """What somebody is to do about it."""
    return _(WHAT_TO_DO[Problem(problem)])


@register.filter
def told_status(status: str) -> str:
    """What a gateway told."""
    return _(TOLD.get(status, status))


@register.filter
def found_words(found: str) -> str:
    """What came of a notice."""
    return _(FOUND.get(found, found))


@register.filter
def deed_words(deed: str) -> str:
    """What somebody did about a mismatch."""
    return _(DEEDS.get(deed, deed))


@register.filter
def told_text(text: str) -> str:
    """What was written; our own sentences in the reader's language."""
    return _(text) if text in PROBLEMS.values() else text
