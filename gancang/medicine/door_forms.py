"""What is typed and drawn where a bag is handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.cash.rules import REFERENCE_MAX
from gancang.medicine.handing_over import AtTheDoor
from gancang.medicine.rules import RELATIONS
from gancang.orders.evidence import SIGNATURE_MAX, device_time, seconds_off
from gancang.orders.forms import BagCodes
from gancang.orders.lifecycle import DISPOSITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


GUESS_M = 100


class HandOverForm(forms.Form):
    """Name and second factor; signature, witness and photo where there are any."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    # Filled by the page's script, if it runs: the device's clock and place, and the drawn lines.
    device_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    accuracy = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)  # metres
    signature = forms.CharField(
        required=False, max_length=SIGNATURE_MAX + 1, widget=forms.HiddenInput
    )
    bag_codes = BagCodes()
    receiver = forms.CharField(label=_("Who receives it?"), max_length=120)
    relation = forms.ChoiceField(
        label=_("Who is that?"),
        choices=[(code, _(words)) for code, words in RELATIONS.items()],
        widget=forms.RadioSelect,
    )
    why_other = forms.CharField(
        label=_("Why does somebody else receive it?"),
        required=False,
        max_length=200,
        help_text=_("Only where the receiver is not among those who may"),
    )
    factor = forms.CharField(
        label=_("Date of birth or code of the patient"),
        max_length=30,
        help_text=_("Ask for it; do not read it out. Like 09-03-1951, or the four digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    # Of an order that costs the patient something; the page shows it.
    paid = forms.ChoiceField(
        label=_("How did the patient pay?"),
        required=False,
        choices=[("cash", _("In cash")), ("qris", _("By QRIS"))],
        widget=forms.RadioSelect,
    )
    paid_reference = forms.CharField(
        label=_("Reference of the QRIS payment"),
        max_length=REFERENCE_MAX,
        required=False,
        help_text=_("Only for QRIS: the patient's phone shows it after paying"),
    )
    paid_reference.needed = True  # type: ignore[attr-defined]  # "if known" would not be true
    cannot_sign = forms.BooleanField(label=_("The receiver cannot sign"), required=False)
    witness = forms.CharField(
        label=_("Name of a witness"),
        max_length=120,
        required=False,
        help_text=_("Somebody who saw it: family, a neighbour, the head of the RT."),
    )
    photo_consent = forms.BooleanField(
        label=_("The patient agrees that a photo is taken"), required=False
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("Only the bag in the hands that receive it; no papers, no medicine."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """`others`: further patients of the house, by an order's code, and how they are named."""
        super().__init__(*args, **kwargs)
        self.others = [code for code, _name in others]
        for code, name in others:
            self.fields[f"factor_{code}"] = forms.CharField(
                label=_("Date of birth or code of %(name)s") % {"name": name},
                max_length=30,
                widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
            )

    def further_factors(self) -> list[forms.BoundField]:
        """The fields of the other patients."""
        return [self[f"factor_{code}"] for code in self.others]

    def told(self, *, now: datetime) -> AtTheDoor:
        """What was told, by the device's clock where it told its time."""
        typed = self.cleaned_data
        device = device_time(typed["device_at"])
        # What a phone guesses from its network proves no place.
        is_guess = (typed["accuracy"] or 0) > GUESS_M
        return AtTheDoor(
            bag_codes=typed["bag_codes"],
            receiver=typed["receiver"],
            relation=typed["relation"],
            factor=typed["factor"],
            at=device or now,
            lat=None if is_guess else typed["lat"],
            lon=None if is_guess else typed["lon"],
            accuracy_m=typed["accuracy"],
            clock_off_s=seconds_off(device, now) if device else None,
            signature=typed["signature"],
            cannot_sign=typed["cannot_sign"],
            witness=typed["witness"],
            photo=typed["photo"].read() if typed["photo"] else b"",
            photo_consent=typed["photo_consent"],
            why_other=typed["why_other"],
            factors={code: typed[f"factor_{code}"] for code in self.others},
            paid=typed["paid"],
            paid_reference=typed["paid_reference"],
        )


class TakeInForm(forms.Form):
    """The codes on the bags that a rider brings to a counter."""

    bag_codes = BagCodes()


class DisposeForm(forms.Form):
    """What becomes of a bag that came back."""

    what = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[(code, _(words)) for code, words in DISPOSITIONS.items()],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why?"),
        max_length=300,
        help_text=_("Seal whole? How long and how warm was it outside? Checked by whom?"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
