"""Words for meals."""

from django import template
from django.utils.translation import gettext as _

from gancang.programmes.models import Programme
from gancang.servings.rules import AWAY, DIETS, STATES

register = template.Library()


@register.filter
def serving_state(state: str) -> str:
    """How a stop went."""
    return _(STATES[state])


@register.filter
def meal_title(code: str, programme: Programme) -> str:
    """What people call a meal of the day; its code where the programme no longer has it."""
    meals = (programme.terms.get("servings") or {}).get("meals", ())
    return next((str(meal["title"]) for meal in meals if meal["code"] == code), code)


@register.filter
def away_words(why: str) -> str:
    """Why somebody does not eat."""
    return _(AWAY[why])


@register.filter
def diet_words(diet: str) -> str:
    """What somebody may eat."""
    return _(DIETS[diet])
