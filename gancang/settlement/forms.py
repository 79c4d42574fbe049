"""What the treasurer chooses and types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.values import Money

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

ANSWER_BYTES_MAX = 4_000_000


class ReasonForm(forms.Form):
    """Why a line is held, or let go."""

    reason = forms.CharField(label=_("Why?"), max_length=200)


class RepaymentForm(forms.Form):
    """What a payee paid back, and the number of his bank's slip."""

    amount_rp = forms.IntegerField(label=_("Amount in rupiah"), min_value=1, max_value=10**12)
    reference = forms.CharField(label=_("The bank's number"), max_length=60)

    def amount(self) -> Money:
        """How much; after is_valid()."""
        return Money(self.cleaned_data["amount_rp"])


class BounceForm(forms.Form):
    """Why a payment came back, and the bank's letter that says so."""

    reason = forms.CharField(label=_("Why?"), max_length=200)
    document = forms.CharField(label=_("The bank's letter or number"), max_length=60)


class AnswerForm(forms.Form):
    """A file that came from the bank."""

    file = forms.FileField(label=_("The bank's answer, a CSV file"))

    def clean_file(self) -> UploadedFile[bytes]:
        """Not larger than a bank's file of a month is."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > ANSWER_BYTES_MAX:
            raise forms.ValidationError(_("This file is larger than 4 MB."))
        return file
