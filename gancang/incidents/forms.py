"""What a person may type about incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.incidents import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gancang.fleet.models import Rider

# Recalls and calls for help have buttons of their own, which do more than report.
REPORTED = {
    kind: words for kind, words in rules.KINDS.items() if kind not in (rules.RECALL, rules.HELP)
}


def _long(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReportForm(forms.Form):
    """What went wrong, with which order or rider."""

    kind = forms.ChoiceField(label=_("What is it?"))
    order = forms.CharField(
        label=_("Order"), required=False, max_length=20, help_text=_("Its code, if it is about one")
    )
    rider = forms.ChoiceField(label=_("Rider"), required=False)
    what_happened = _long(
        _("What happened?"),
        _("What, where, when, who saw it. Names of medicines only where they matter."),
    )

    def __init__(self, *args: Any, riders: Iterable[Rider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, rider = self.fields["kind"], self.fields["rider"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(rider, forms.ChoiceField)
        kind.choices = [(code, _(words)) for code, words in REPORTED.items()]
        rider.choices = [
            ("", _("nobody")),
            *((str(each.pk), each.user.full_name) for each in riders),
        ]


class EntryForm(forms.Form):
    """What was done, or who was told."""

    kind = forms.ChoiceField(
        label=_("What do you note?"),
        choices=[(code, _(words)) for code, words in rules.ENTRIES.items()],
        widget=forms.RadioSelect,
        initial=rules.DONE,
    )
    whom = forms.CharField(label=_("Who was told"), required=False, max_length=80)
    text = _long(_("Words"))


class RangForm(forms.Form):
    """How a call to a patient went."""

    text = forms.CharField(
        label=_("What was said"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class BagBackForm(forms.Form):
    """What becomes of a bag that the pharmacist has again."""

    disposition = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[(code, _(words)) for code, words in rules.DISPOSITIONS.items()],
        widget=forms.RadioSelect,
    )
    text = _long(_("How it came back: seal, contents, temperature"), required=False)


class CloseForm(forms.Form):
    """How it ended."""

    text = _long(_("How did it end, and what is done so that it does not happen again?"))
