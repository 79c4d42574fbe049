"""Words of shops for pages."""

from django import template
from django.utils.translation import gettext as _

from gancang.shops.keeping import WEEKDAYS
from gancang.shops.paper_rules import STANDINGS
from gancang.shops.rules import RESULTS, Result

register = template.Library()


@register.filter
def standing_words(state: str) -> str:
    """How a shop stands with a paper."""
    return _(STANDINGS[state])


@register.filter
def result_words(result: str) -> str:
    """What a hygiene check found."""
    return _(RESULTS[Result(result)])


@register.filter
def weekday_words(day: int) -> str:
    """A day of the week; Monday is 0."""
    return _(WEEKDAYS[day])
