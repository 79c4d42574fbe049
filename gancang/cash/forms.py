"""What a cashier types."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.values import Money


class CountForm(forms.Form):
    """What was counted of a rider's cash."""

    fleet = forms.CharField(widget=forms.HiddenInput)
    seen_rp = forms.IntegerField(min_value=0, max_value=10**12, widget=forms.HiddenInput)
    counted_rp = forms.IntegerField(
        label=_("Counted, in rupiah"),
        min_value=0,
        max_value=10**12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("If something is missing: what does he say?"), max_length=200, required=False
    )


class FollowUpForm(forms.Form):
    """What was done about a shortfall."""

    note = forms.CharField(label=_("What was agreed or done?"), max_length=200, required=False)
    repaid_rp = forms.IntegerField(
        label=_("Brought now, in rupiah"),
        min_value=0,
        max_value=10**12,
        required=False,
        help_text=_("Empty if nothing was brought"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def repaid(self) -> Money:
        """What was brought."""
        return Money(self.cleaned_data["repaid_rp"] or 0)
