"""What is typed of a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.callbacks import rules
from gancang.values import N_

_AREA = forms.Textarea(attrs={"rows": 3})
INSTEAD = {
    rules.ALLOWED: N_("Pay it, though nobody was reached"),
    rules.NEVER: N_("It never came: open a complaint"),
}


class RingForm(forms.Form):
    """What the receiver says, or that nobody answered."""

    answer = forms.ChoiceField(
        label=_("Did it come?"),
        choices=[(code, _(words)) for code, words in rules.ANSWERS.items()],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("In his own words"), max_length=300, required=False, widget=_AREA
    )


class InsteadForm(forms.Form):
    """What a second person decides in the place of an answer."""

    outcome = forms.ChoiceField(
        label=_("What is decided?"),
        choices=[(code, _(words)) for code, words in INSTEAD.items()],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why?"), max_length=300, widget=_AREA)
