"""What if: a price, more people, from a day on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.ledger.forecast import Change

if TYPE_CHECKING:
    from collections.abc import Mapping


class ChangeForm(forms.Form):
    """What is to change, and from when on. Nothing of it is kept."""

    price_percent = forms.IntegerField(
        label=_("Price dearer by (percent)"), min_value=-90, max_value=500, required=False
    )
    more_people = forms.IntegerField(
        label=_("More people"), min_value=-100_000, max_value=1_000_000, required=False
    )
    starts = forms.DateField(
        label=_("Holds from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("left out: from today"),
    )

    def __init__(self, told: Mapping[str, str] | None, *, people: int) -> None:
        """For a programme that served so many people lately."""
        super().__init__(told)
        self.people = people

    def clean_more_people(self) -> int:
        """How many more, where it is known how many there are."""
        more: int = self.cleaned_data["more_people"] or 0
        if more and not self.people:
            raise forms.ValidationError(
                _("Nobody was served lately, so that nobody knows what one more person costs.")
            )
        return max(more, -self.people)

    def change(self) -> Change:
        """The same as the forecast takes it."""
        told = self.cleaned_data
        people = 1 + told["more_people"] / self.people if self.people else 1.0
        starts = told["starts"] or date.min
        return Change(starts=starts, price_percent=told["price_percent"] or 0, people=people)
