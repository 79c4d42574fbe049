"""What an office writes down of a purchase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.purchases.actions import Bought
from gancang.purchases.queries import sellers_of
from gancang.values import Money
from gancang.web.fields import Rupiah

if TYPE_CHECKING:
    from typing import Any

    from gancang.regions.models import Organisation, Region


class PurchaseForm(forms.Form):
    """Who sold what, when, for how much, and by which receipt."""

    seller: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        queryset=None, to_field_name="code", label=_("Seller")
    )
    on = forms.DateField(label=_("Bought on"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    what = forms.CharField(label=_("What was bought"), max_length=120)
    amount_rp = Rupiah(_("Price in rupiah"))
    receipt = forms.CharField(
        label=_("Number of the receipt"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    stayed_because = forms.CharField(
        label=_("Why this seller again"),
        max_length=200,
        required=False,
        help_text=_("Only where it is another one's turn"),
    )
    stayed_because.needed = True  # type: ignore[attr-defined]  # "if known" would not be true

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers: Any = self.fields["seller"]
        sellers.queryset = sellers_of(region)

    def clean_amount_rp(self) -> int:
        """A purchase costs something."""
        rupiah: int = self.cleaned_data["amount_rp"]
        if not rupiah:
            raise forms.ValidationError(_("Write down what was paid."))
        return rupiah

    def bought(self) -> Bought:
        """The purchase as it was told."""
        told = dict(self.cleaned_data)
        return Bought(amount=Money(told.pop("amount_rp")), **told)
