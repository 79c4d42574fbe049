"""What an auditor types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.inspection.queries import Wanted
from gancang.inspection.rules import FOUND, HOWS, OUTCOMES, SIZES
from gancang.values import Money
from gancang.web.fields import Rupiah

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from django_stubs_ext import StrOrPromise


def _day(label: StrOrPromise) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class WantedForm(forms.Form):
    """From when until when, and of what."""

    first = _day(_("From"))
    last = _day(_("Until"))
    programme = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    fund = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    payee = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, asked: Any, *, today: date) -> WantedForm:
        """What was asked for; the year so far where nothing was."""
        since = {"first": today.replace(month=1, day=1), "last": today}
        return cls({**since, **{name: asked[name] for name in asked if asked[name]}})

    def wanted(self) -> Wanted:
        """The lines that were asked for."""
        return Wanted(**self.cleaned_data)


class DrawForm(WantedForm):
    """The same, and how many lines are to be looked at."""

    size = forms.TypedChoiceField(
        label=_("Lines to look at"), choices=[(n, n) for n in SIZES], coerce=int, initial=60
    )

    def wanted(self) -> Wanted:
        """The lines out of which is drawn."""
        return Wanted(**{name: told for name, told in self.cleaned_data.items() if name != "size"})


class RecheckForm(forms.Form):
    """What a receiver says of a hand-over."""

    outcome = forms.ChoiceField(
        label=_("What does the receiver say?"),
        choices=[(code, _(words)) for code, words in OUTCOMES.items() if code],
    )
    how = forms.ChoiceField(label=_("Asked"), choices=[(c, _(words)) for c, words in HOWS.items()])
    note = forms.CharField(label=_("In his own words"), max_length=300, required=False)


class JudgeForm(forms.Form):
    """What was found of one line."""

    found = forms.ChoiceField(
        label=_("What did you find?"),
        choices=[(code, _(words)) for code, words in FOUND.items() if code],
    )
    wrong_rp = Rupiah(
        _("Of it wrong, in rupiah"), required=False, help_text=_("Only where it is wrong")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def wrong(self) -> Money:
        """How many rupiah are wrong."""
        return Money(self.cleaned_data["wrong_rp"] or 0)
