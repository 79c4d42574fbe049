"""Words for what is said to patients and done for them."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from gancang.contact.actions import CORRECT, DEEDS
from gancang.contact.rules import RELATIONS, Unclear
from gancang.programmes.key_words import EVENT_WORDS
from gancang.values import N_

register = template.Library()
KINDS = {
    "order.placed": N_("It will be brought"),
    "order.placed_to_pay": N_("It will be brought"),
    "order.placed_visit": N_("The pharmacist comes"),
    "order.confirm": N_("Is the address right?"),
    "order.collected": N_("The rider comes"),
    "order.delivered": N_("It was handed over"),
    "order.failed": N_("It could not be handed over"),
    "order.cancelled": N_("It was called off"),
    "food.confirm": N_("Code for an order of food"),
    "food.rings": N_("An order waits for the kitchen"),
    "food.to_pay": N_("The kitchen said yes, the buyer is to pay"),
    "food.unpaid": N_("The food was not paid in time"),
    "food.asked_back": N_("Paid for nothing: to be given back"),
    "food.accepted": N_("The kitchen said yes"),
    "food.left_out": N_("Something is missing of an order"),
    "food.refused": N_("The kitchen said no"),
    "food.lapsed": N_("Nobody answered the order"),
    "case.planned": N_("A day is planned"),
    "goods.placed": N_("It will be brought"),
    "goods.confirm": N_("Is the address right?"),
    "goods.collected": N_("The rider comes"),
    "goods.delivered": N_("It was handed over"),
    "goods.left": N_("It was left at the door"),
    "goods.failed": N_("It could not be handed over"),
    "goods.cancelled": N_("It was called off"),
    "contact.answer": N_("An answer"),
}
CORRECTED = N_("Phone or landmark corrected")


@register.filter
def letter_words(kind: str) -> str:
    """What a letter is about."""
    return _(KINDS.get(kind) or EVENT_WORDS.get(kind.partition(".")[2], kind))


@register.filter
def unclear_words(why: str) -> str:
    """Why a person must read a message."""
    return _(Unclear(why).sentence) if why else ""


@register.filter
def relation_words(relation: str) -> str:
    """Who asked for a patient."""
    return _(RELATIONS[relation])


@register.filter
def deed_words(deed: str) -> str:
    """What was done for a patient."""
    return _(CORRECTED if deed == CORRECT else DEEDS[deed])
