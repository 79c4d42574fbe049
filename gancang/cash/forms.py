"""What a cashier types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.cash.rules import REFERENCE_MAX, Why
from gancang.cash.statements import ROWS_MAX
from gancang.values import Money, Refused
from gancang.web.fields import Rupiah

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.regions.models import Organisation

STATEMENT_BYTES_MAX = 4_000_000


class CountForm(forms.Form):
    """What was counted of a rider's cash."""

    fleet = forms.CharField(widget=forms.HiddenInput)
    seen_rp = forms.IntegerField(min_value=0, max_value=10**12, widget=forms.HiddenInput)
    counted_rp = Rupiah(_("Counted, in rupiah"))
    note = forms.CharField(
        label=_("If something is missing: what does he say?"), max_length=200, required=False
    )
    note.needed = True  # type: ignore[attr-defined]  # "if known" would not be true


class FollowUpForm(forms.Form):
    """What was done about a shortfall."""

    note = forms.CharField(label=_("What was agreed or done?"), max_length=200, required=False)
    note.needed = True  # type: ignore[attr-defined]  # as above
    repaid_rp = Rupiah(
        _("Brought now, in rupiah"), required=False, help_text=_("Empty if nothing was brought")
    )

    def repaid(self) -> Money:
        """What was brought."""
        return Money(self.cleaned_data["repaid_rp"] or 0)


class PassOnForm(forms.Form):
    """A till gives a fleet what it holds for it."""

    till = forms.CharField(max_length=60, widget=forms.HiddenInput)
    fleet = forms.CharField(max_length=60, widget=forms.HiddenInput)
    seen_rp = forms.IntegerField(min_value=0, max_value=10**12, widget=forms.HiddenInput)
    slip = forms.CharField(
        label=_("Number of the transfer or of the signed paper"),
        max_length=REFERENCE_MAX,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    slip.needed = True  # type: ignore[attr-defined]  # as above


class WriteOffForm(forms.Form):
    """Why what is missing is owed no more."""

    reason = forms.CharField(
        label=_("Why will nobody bring it any more?"),
        max_length=200,
        required=False,
        help_text=_("Like: robbed on duty, police report 12; a second person decides"),
    )
    reason.needed = True  # type: ignore[attr-defined]  # as above


class StatementForm(forms.Form):
    """A bank's statement of the QRIS payments to a fleet."""

    fleet_code = forms.ChoiceField(label=_("Whose bank account?"))
    file = forms.FileField(
        label=_("Statement (CSV)"),
        help_text=_("Columns time, reference, amount: waktu, referensi, jumlah."),
    )

    def __init__(self, *args: object, fleets: Sequence[Organisation], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Form's own arguments
        self._fleets = {fleet.code: fleet for fleet in fleets}
        field = self.fields["fleet_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, fleet.name) for code, fleet in self._fleets.items()]

    def fleet(self) -> Organisation:
        """Whose account it is."""
        return self._fleets[self.cleaned_data["fleet_code"]]

    def text(self) -> str:
        """The file. Refused where it is none that can be read."""
        file = self.cleaned_data["file"]
        if file.size > STATEMENT_BYTES_MAX:
            raise Refused(Why.STATEMENT_TOO_LONG, most=ROWS_MAX)
        try:
            told: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refused(Why.NOT_TEXT) from error
        return told
