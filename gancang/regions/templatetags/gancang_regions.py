"""How templates tell by which rule something was priced."""

from django import template

from gancang.regions.price_words import rule_in_words

register = template.Library()
register.filter("price_rule", rule_in_words)
