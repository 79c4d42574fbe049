"""What is typed or sent of those who waited at the counter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

FILE_BYTES_MAX = 2 * 2**20


class WaitForm(forms.Form):
    """One patient who waited."""

    clinic = forms.CharField(label=_("Clinic"), max_length=80)
    day = forms.CharField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    came = forms.CharField(
        label=_("Prescription handed in at"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    served = forms.CharField(
        label=_("Medicine in hand at"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    compounded = forms.BooleanField(label=_("Mixed in the pharmacy"), required=False)

    def row(self) -> dict[str, str]:
        """The same as a row of the file."""
        told = self.cleaned_data
        return {
            "poli": told["clinic"],
            "tanggal": told["day"],
            "jam_masuk": told["came"],
            "jam_terima": told["served"],
            "racikan": "ya" if told["compounded"] else "",
        }


class FileForm(forms.Form):
    """A file of them."""

    file = forms.FileField(label=_("CSV file"))

    def clean_file(self) -> Any:
        """Not too large to be read at once."""
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES_MAX:
            raise forms.ValidationError(_("The file is larger than 2 MB; send a month at a time."))
        return file
