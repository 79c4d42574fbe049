"""What is typed at the end of a month, of a year, and from a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.ledger.revising import Document
from gancang.values import Money

if TYPE_CHECKING:
    from datetime import date


class RevisionForm(forms.Form):
    """A document that changes a budget."""

    amount_rp = forms.IntegerField(
        label=_("New amount in whole rupiah"), min_value=0, max_value=10**15
    )
    number = forms.CharField(label=_("Number of the document"), max_length=60)
    on = forms.DateField(
        label=_("Holds from"),
        widget=forms.DateInput(attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
    )
    reason = forms.CharField(label=_("Why?"), max_length=200)

    def clean_on(self) -> date:
        """A day that a document can have."""
        on: date = self.cleaned_data["on"]
        if on.year < 2000:
            raise forms.ValidationError(_("No document in use is that old; look at the year."))
        return on

    def document(self) -> Document:
        """What was typed; after is_valid()."""
        told = self.cleaned_data
        return Document(
            number=told["number"].strip(),
            on=told["on"],
            after=Money(told["amount_rp"]),
            reason=told["reason"].strip(),
        )


class DocumentForm(forms.Form):
    """The document by which a year ends."""

    document = forms.CharField(label=_("Number of the document"), max_length=60)
