"""The rule by which a trip was priced, in words, so that everybody can reckon it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from gancang.values import N_, in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS = {
    "base": N_("%(price)s up to %(way)s"),
    "step": N_("%(price)s for the whole trip up to %(way)s"),
    "km": N_("then %(km)s km x %(price)s"),
    "zone": N_("flat price of the village %(price)s"),
    "minimum": N_("at least %(price)s"),
    "night": N_("at night %(price)s more"),
    "ceiling": N_("at most %(price)s"),
    "way": N_("flat price of the way %(price)s"),
}


def rule_in_words(reckoning: Mapping[str, Any]) -> str:
    """Rp 8.000 up to 4 km, then 3 km x Rp 2.500 = Rp 15.500; "" where nothing was reckoned."""
    if not reckoning:
        return ""
    parts = [_part(each) for each in reckoning["parts"]]
    return f"{', '.join(parts)} = {in_words(reckoning['total_rp'])}"


def _part(part: Mapping[str, Any]) -> str:
    metres = part.get("metres", 0)
    facts = {"price": in_words(part["rp"]), "way": _km(metres), "km": part.get("km", 0)}
    return _(WORDS[part["rule"]]) % facts


def _km(metres: int) -> str:
    """Whole kilometres without a comma: 4 km, 2,5 km."""
    return f"{metres / 1000:.1f} km".replace(".0 ", " ").replace(".", ",")
