"""What is typed where vouchers are given and taken."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.values.money import read_rupiah

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.programmes.models import Programme

MOST = 10**8


class RedeemForm(forms.Form):
    """A card, how much, and the date of birth where it is asked for."""

    card = forms.CharField(
        label=_("Code on the card"),
        max_length=40,
        help_text=_("Scan it, or type the 16 signs. Hyphens do not matter."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code",
                "data-scan": _("Scan with the camera"),
                "data-stop": _("Stop the camera"),
            }
        ),
    )
    programme = forms.ChoiceField(label=_("Which balance?"), required=False)
    count = forms.CharField(
        label=_("How much?"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    birth_date = forms.CharField(
        label=_("Date of birth of the holder"),
        required=False,
        max_length=20,
        help_text=_("Ask for it where much is taken. Like 09-03-1951"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    key = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, programmes: Sequence[Programme], **kwargs: Any) -> None:
        """`programmes`: those that give vouchers here."""
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("The one that ends first")),
            *((row.code, row.name) for row in programmes),
        ]
        if len(programmes) < 2:
            field.widget = forms.HiddenInput()
        # One page, one deed: whoever taps twice has redeemed once.
        self.fields["key"].initial = uuid.uuid4().hex

    def clean_count(self) -> int:
        """A whole number, as people write it."""
        found = read_rupiah(self.cleaned_data["count"])
        if found is None or not 0 < found <= MOST:
            raise forms.ValidationError(_("Write how much, as a whole number above zero."))
        return found


class BackForm(forms.Form):
    """Why something is given back."""

    why = forms.CharField(label=_("Why is it given back?"), max_length=200)
