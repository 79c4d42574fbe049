"""What those who speak with patients type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """The code on the slip."""

    code = forms.CharField(
        label=_("Code of the order"),
        max_length=20,
        help_text=_("On the slip or in the message, like ABC-1234-5678"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
