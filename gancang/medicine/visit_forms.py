"""What a pharmacist types after a visit."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.medicine.rules import RELATIONS
from gancang.medicine.visiting import Told
from gancang.orders.forms import BagCodes
from gancang.orders.lifecycle import Failure

LONG = forms.Textarea(attrs={"rows": 3})


class VisitForm(forms.Form):
    """Who received the medicine, and what was seen and advised."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    bag_codes = BagCodes()
    receiver = forms.CharField(label=_("Who receives it?"), max_length=120)
    relation = forms.ChoiceField(
        label=_("Who is that?"),
        choices=[(code, _(words)) for code, words in RELATIONS.items()],
        widget=forms.RadioSelect,
    )
    factor = forms.CharField(
        label=_("Date of birth or code of the patient"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    home = forms.CharField(
        label=_("Condition of the home"),
        max_length=2000,
        help_text=_("Where the medicine lies, who helps, what is missing"),
        widget=LONG,
    )
    adherence = forms.CharField(
        label=_("Does he take it as told?"),
        max_length=2000,
        help_text=_("Doses left out, old medicine in the house, who reminds him"),
        widget=LONG,
    )
    side_effects = forms.CharField(
        label=_("Side effects"), max_length=2000, required=False, widget=LONG
    )
    advice = forms.CharField(
        label=_("What you advised"),
        max_length=2000,
        help_text=_("Also what the doctor has to hear"),
        widget=LONG,
    )

    def told(self) -> Told:
        """What was told."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Told(**typed)


class NotMetForm(forms.Form):
    """Why there was no visit."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Why not?"),
        choices=[
            (each.value, _(each.sentence))
            for each in (
                Failure.NOBODY_HOME,
                Failure.REFUSED,
                Failure.ADDRESS_WRONG,
                Failure.MOVED,
                Failure.DECEASED,
            )
        ],
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
