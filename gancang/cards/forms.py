"""What is typed at the desk of cards."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.cards.rules import ENDS


class ReplaceForm(forms.Form):
    """Why somebody needs a new card."""

    why = forms.ChoiceField(
        label=_("What happened to the old card?"),
        choices=[(code, _(words)) for code, words in ENDS.items()],
    )
