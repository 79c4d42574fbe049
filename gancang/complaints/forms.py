"""What is typed of complaints."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.complaints.rules import CAUSES, OUTCOMES

_AREA = forms.Textarea(attrs={"rows": 3})


class OwnForm(forms.Form):
    """What the receiver says on his own page."""

    cause = forms.ChoiceField(
        label=_("What was wrong?"),
        choices=[(code, _(words)) for code, words in CAUSES.items()],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(label=_("Tell it in your words"), max_length=2000, widget=_AREA)


class TellForm(OwnForm):
    """What somebody at a desk or a telephone writes down."""

    code = forms.CharField(label=_("Code of the order, the meal or the receipt"), max_length=20)
    channel = forms.ChoiceField(
        label=_("How was it told?"),
        choices=[
            ("phone", _("By telephone")),
            ("desk", _("At a desk")),
            ("recheck", _("When somebody asked again")),
        ],
    )
    field_order = ("code", "channel", "cause", "words")


class DecideForm(forms.Form):
    """How it is put right, and why."""

    outcome = forms.ChoiceField(
        label=_("What is done?"),
        choices=[(code, _(words)) for code, words in OUTCOMES.items()],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(label=_("Why?"), max_length=2000, widget=_AREA)


class AppealForm(forms.Form):
    """Why a decision was wrong."""

    words = forms.CharField(label=_("Who appeals, and why?"), max_length=2000, widget=_AREA)


class HearForm(forms.Form):
    """What becomes of an appeal."""

    upheld = forms.ChoiceField(
        label=_("Is the appeal right?"),
        choices=[("yes", _("Yes: what was held is paid")), ("no", _("No: it stays as decided"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(label=_("Why?"), max_length=2000, widget=_AREA)

    def clean_upheld(self) -> bool:
        """Whether it is right."""
        told: str = self.cleaned_data["upheld"]
        return told == "yes"
