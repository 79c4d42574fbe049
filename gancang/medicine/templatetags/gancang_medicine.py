"""The words of medicine's small tables."""

from django import template
from django.utils.translation import gettext as _

from gancang.medicine.counselling import CHANNELS, TOLD_TO
from gancang.medicine.desk import DECISIONS, SECOND_LOOKS, STEPS
from gancang.medicine.rules import FACTORS, RELATIONS
from gancang.orders.lifecycle import DISPOSITIONS, Failure, Incident
from gancang.residents.rules import RELATIONS as KIN
from gancang.values import N_

register = template.Library()
CELL_WORDS = {
    "number": N_("Prescription number"),
    "nik": N_("NIK"),
    "full_name": N_("Patient's name"),
    "birth_date": N_("Date of birth"),
    "phone": N_("Phone"),
    "village": N_("Village"),
    "address": N_("Address"),
    "clinic": N_("Clinic"),
    "prescriber": N_("Prescriber"),
    "items": N_("Medicines"),
    "pbi": N_("PBI card seen?"),
    "confirmed": N_("Address read back?"),
    "accepts_rp": N_("Accepts to pay, Rp"),
}
DOORS = {"form": N_("the counter"), "csv": N_("a file"), "api": N_("the hospital's system")}


@register.filter
def channel_words(code: str) -> str:
    """How counselling was given."""
    return _(CHANNELS.get(code, code))


@register.filter
def told_words(code: str) -> str:
    """To whom counselling was given."""
    return _(TOLD_TO.get(code, code))


@register.filter
def relation_words(code: str) -> str:
    """Who received the bag."""
    return _(RELATIONS.get(code, code))


@register.filter
def factor_words(code: str) -> str:
    """By what the receiver proved to be right."""
    return _(FACTORS.get(code, code))


@register.filter
def door_words(code: str) -> str:
    """Through which door a prescription came."""
    return _(DOORS.get(code, code))


@register.filter
def failure_words(code: str) -> str:
    """Why a bag was not handed over."""
    return _(Failure(code).sentence)


@register.filter
def decision_words(kind: str) -> str:
    """What becomes of an item."""
    return _(DECISIONS.get(kind, kind))


@register.filter
def look_words(kind: str) -> str:
    """Who made the final check."""
    return _(SECOND_LOOKS.get(kind, kind))


@register.filter
def incident_words(code: str) -> str:
    """What happened on the way."""
    return _(Incident(code).sentence)


@register.filter
def disposition_words(code: str) -> str:
    """What became of a bag that came back."""
    return _(DISPOSITIONS.get(code, code))


@register.filter
def step_words(step: str) -> str:
    """What is next for an order in the queue."""
    return _(STEPS.get(step, step))


@register.filter
def kin_words(code: str) -> str:
    """What somebody who may receive is to the patient."""
    return _(KIN.get(code, code))


@register.filter
def cell_words(name: str) -> str:
    """What a cell of the list of the day is called."""
    return _(CELL_WORDS.get(name, name))
