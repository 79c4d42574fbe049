"""How templates tell of programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from gancang.programmes.key_words import kind_in_words
from gancang.web.templatetags.gancang_web import translated

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()
register.filter("translated", translated)


@register.filter
def kind_of(terms: Mapping[str, Any]) -> str:
    """The kind of a programme in words."""
    return kind_in_words(str(terms.get("kind", "deliver")))
