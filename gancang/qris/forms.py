"""What people type about bills: a shop's code, a decision, a transfer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.qris.payload import LONGEST


class CodeForm(forms.Form):
    """The text of the code on a shop's wall."""

    text = forms.CharField(
        label=_("Text of the QRIS code"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Scan the code on the wall with any QR reader and copy what it shows: a long line that "
            "begins with 000201."
        ),
    )
    is_sure = forms.BooleanField(
        label=_("The name in the code is this shop's, although it is written differently"),
        required=False,
    )


class DecisionForm(forms.Form):
    """What somebody wants about a payment that did not agree, and why."""

    text = forms.CharField(label=_("Why"), min_length=3, max_length=200)
    reference = forms.CharField(
        label=_("Number of the transfer, if it went back already"), max_length=64, required=False
    )


class NoteForm(forms.Form):
    """What somebody found out."""

    text = forms.CharField(label=_("What you found out"), min_length=3, max_length=200)


class PayOutForm(forms.Form):
    """What a shop got, as the page said that it would, and by which transfer."""

    shop = forms.CharField(max_length=40, widget=forms.HiddenInput)
    seen_rp = forms.IntegerField(min_value=1, max_value=10**12, widget=forms.HiddenInput)
    reference = forms.CharField(
        label=_("Number of the bank's transfer"),
        min_length=4,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
