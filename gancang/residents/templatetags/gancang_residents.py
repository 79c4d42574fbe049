"""The words of the registry's small tables."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from gancang.accounts.models import Role
from gancang.residents.duplicates import SIGNS
from gancang.residents.places import GRADES
from gancang.residents.rules import BECAUSE, CONSENT_HOWS, CONSENTS, RELATIONS, SEXES, WHOSE, masked
from gancang.values import N_

register = template.Library()
HOWS = {
    "clerk": N_("placed by a clerk"),
    "handover": N_("where a bag was handed over"),
    "visit": N_("where a visitor met the person"),
}
# What somebody read a person for, by every capability that reads.
PURPOSES = {
    "callback": N_("asking whether it came"),
    "shop": N_("owner of a shop"),
    "card": N_("making or printing a card"),
    "vouchers": N_("balances and vouchers"),
    "programme trial": N_("trying a programme's rules"),
    "search": N_("finding a patient"),
    "meals": N_("bringing meals"),
    "welfare": N_("a welfare check"),
    "new case": N_("planning a visit, a ride or a transfer"),
    "case": N_("a visit, a ride or a transfer"),
    "bank list": N_("a list for the bank"),
    "new delivery": N_("a new delivery to a known person"),
    "on behalf: search": N_("finding a patient who stands at the desk"),
    "on behalf": N_("acting for a patient"),
    "slip": N_("a slip to print"),
    "confirmation": N_("confirming address and phone"),
    "letter": N_("ringing with what a letter says"),
    "registry": N_("the person's page"),
    "numbers shown": N_("seeing NIK and family card in full"),
    "correction": N_("correcting the entry"),
    "duplicates": N_("looking for entries of the same person"),
    "place of the house": N_("finding the house"),
    "who read him": N_("seeing who read the person"),
    "own file": N_("giving the person his own data"),
    "new prescription": N_("new prescription for a known patient"),
    "queue": N_("the pharmacy's queue"),
    "list": N_("the list of orders"),
    "order": N_("one order's page"),
    "delivery": N_("bringing it to the door"),
    "late delivery": N_("ringing a patient about a late delivery"),
    "recheck": N_("asking about a hand-over again"),
    "incident": N_("ringing a patient about an incident"),
    "second factor": N_("comparing the second factor"),
    "receiver": N_("who may receive the medicine"),
    "same house": N_("other orders for the same house"),
    "list of the day": N_("known patients of the list of the day"),
    "repeat": N_("whose supply ends"),
    "day list": N_("the day list on paper"),
    "label": N_("a label to print"),
    "owed": N_("what is still owed to a patient"),
    "visits": N_("who waits for a visit at home"),
    "visit": N_("a visit at home"),
    "post": N_("sending it by post"),
    "enrolment": N_("an application or enrolment"),
    "application": N_("finding who applies"),
    "letter of decision": N_("a letter of decision"),
    "photo": N_("looking at the photo of a hand-over"),
}


@register.filter
def purpose_words(purpose: str) -> str:
    """What somebody read a person for; a purpose with a dot is a letter's kind."""
    return _("writing a letter") if "." in purpose else _(PURPOSES.get(purpose, purpose))


@register.filter
def place_words(source: str) -> str:
    """From where a place or a fact is known; what people typed stays as it is."""
    return _(source) if source else ""


@register.filter
def acting_words(role: str) -> str:
    """In which role somebody read; the house itself has none."""
    return str(Role(role).label) if role in Role else _("the system")


@register.filter
def hidden_number(number: str) -> str:
    """A NIK or family card with its middle hidden."""
    return masked(number)


@register.filter
def sex_words(code: str) -> str:
    """Woman or man."""
    return _(SEXES[code]) if code in SEXES else ""


@register.filter
def grade_words(code: str) -> str:
    """How well a pin is known."""
    return _(GRADES.get(code, code))


@register.filter
def how_words(code: str) -> str:
    """Where a pin of the history comes from."""
    return _(HOWS.get(code, code))


@register.filter
def whose_words(code: str) -> str:
    """Whose phone it is."""
    return _(WHOSE[code]) if code in WHOSE else ""


@register.filter
def kin_words(code: str) -> str:
    """How a representative is related."""
    return _(RELATIONS.get(code, code))


@register.filter
def because_words(code: str) -> str:
    """Why somebody is represented."""
    return _(BECAUSE.get(code, code))


@register.filter
def sign_words(code: str) -> str:
    """Why two entries may be one person."""
    return _(SIGNS.get(code, code))


@register.filter
def value_words(value: object) -> str:
    """Yes, no, or the value itself."""
    return (_("yes") if value else _("no")) if isinstance(value, bool) else str(value)


@register.filter
def consent_words(purpose: str) -> str:
    """For what somebody agreed."""
    return _(CONSENTS[purpose])


@register.filter
def consent_how_words(how: str) -> str:
    """How it was told."""
    return _(CONSENT_HOWS.get(how, how)) if how else ""
