"""What is typed of places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.addresses.actions import Told
from gancang.addresses.rules import KINDS, read_pin
from gancang.regions.spelling import words_of
from gancang.values import Point, Refused
from gancang.web.middleware import sentence_of

DEGREES = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


class PinForm(forms.Form):
    """Where a house stands."""

    lat = forms.CharField(label=_("Pin: latitude"), required=False, widget=DEGREES)
    lon = forms.CharField(label=_("Pin: longitude"), required=False, widget=DEGREES)

    def clean(self) -> dict[str, Any]:
        """Numbers in both fields, or in none."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        typed = {"lat": told.get("lat", "").strip(), "lon": told.get("lon", "").strip()}
        point, wrong = read_pin(**typed)
        for field, why in wrong.items():
            self.add_error(field, sentence_of(Refused(why, **typed)))
        return {**told, "lat": point and point.lat, "lon": point and point.lon}


class LandmarkForm(PinForm):
    """What stands where."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(k, _(v)) for k, v in KINDS.items()])
    name = forms.CharField(
        label=_("What people call it"),
        max_length=80,
        help_text=_("Like Masjid Al-Huda. Nobody's house, and no patient's name."),
    )
    field_order = ("kind", "name", "lat", "lon")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lat", "lon"):
            self.fields[name].needed = True  # type: ignore[attr-defined]  # "if known" is not true

    def clean_name(self) -> str:
        """A name that can be said."""
        name = " ".join(self.cleaned_data["name"].split())
        if not words_of(name):
            raise forms.ValidationError(_("Write a name with letters or numbers."))
        return name

    def clean(self) -> dict[str, Any]:
        """A landmark stands somewhere."""
        told = super().clean()
        if told["lat"] is None and not self.errors:
            self.add_error("lat", _("A landmark needs its place."))
        return told

    def told(self) -> Told:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        return Told(kind=typed["kind"], name=typed["name"], point=Point(typed["lat"], typed["lon"]))
