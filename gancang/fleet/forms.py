"""What a person may type about riders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gancang.fleet.actions import Equipment
from gancang.fleet.hours import Hours, why_not_hours
from gancang.fleet.rules import CLASSES
from gancang.residents.rules import normal_phone, why_not_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from gancang.accounts.models import Membership
    from gancang.fleet.rules import Kind


CLOCKS = ["%H:%M", "%H.%M", "%H:%M:%S"]
EQUIPMENT = ("has_opaque_bag", "has_cold_bag", "equipment_checked_on")


class RiderForm(forms.Form):
    """What is said of a rider: what he rides, how he is reached, how much he takes."""

    vehicle = forms.CharField(
        label=_("Vehicle"), max_length=40, help_text=_("For example: Honda Beat, black")
    )
    plate = forms.CharField(
        label=_("Number plate"), max_length=20, help_text=_("For example: P 1234 VX")
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        help_text=_("For the operator only, like 0812 3456 7890"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    bags_max = forms.IntegerField(
        label=_("Bags at once"),
        min_value=1,
        max_value=50,
        initial=6,
        help_text=_("How many bags fit into the box"),
    )
    has_opaque_bag = forms.BooleanField(
        label=_("Has a bag that nobody can look into"), required=False
    )
    has_cold_bag = forms.BooleanField(
        label=_("Has a cold bag"),
        required=False,
        help_text=_("Medicine that must stay cold is offered only to riders who have one."),
    )
    equipment_checked_on = forms.DateField(
        label=_("Equipment last looked at on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def equipment(self) -> Equipment:
        """What he carries bags in, taken out of what was typed."""
        told = {name: self.cleaned_data.pop(name) for name in EQUIPMENT}
        return Equipment(**told)

    def clean_plate(self) -> str:
        """Capitals, single spaces."""
        return " ".join(str(self.cleaned_data["plate"]).upper().split())

    def clean_phone(self) -> str:
        """A number that can be rung."""
        phone = normal_phone(self.cleaned_data["phone"])
        if why := why_not_phone(phone):
            raise ValidationError(gettext(why.sentence))
        return phone


class NewRiderForm(RiderForm):
    """Which of those who log in as riders joins the list."""

    member = forms.ChoiceField(label=_("Rider"))
    field_order = ("member", "vehicle", "plate", "phone", "bags_max", *EQUIPMENT)

    def __init__(self, *args: Any, hireable: Mapping[str, Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (number, f"{row.user.full_name}, {row.organisation}")
            for number, row in hireable.items()
        ]


class TrainingForm(forms.Form):
    """A training that was given."""

    item_class = forms.ChoiceField(label=_("Trained for"))
    trained_on = forms.DateField(
        label=_("Trained on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    expires_on = forms.DateField(
        label=_("Good until"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The last day on which it counts"),
    )

    def __init__(self, *args: Any, classes: Iterable[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item_class"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, gettext(CLASSES.get(each, each))) for each in classes]
        self.fields["trained_on"].initial = today


class PaperForm(forms.Form):
    """An original that somebody has before his eyes."""

    kind = forms.ChoiceField(label=_("Paper"))
    number = forms.CharField(
        label=_("Number on it"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Sealed in the database; pages show its last four signs only."),
    )
    expires_on = forms.DateField(
        label=_("Good until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The last day that stands on it; empty where it has none"),
    )
    seen_on = forms.DateField(
        label=_("Original seen on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, kinds: Iterable[Kind], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.code, kind.title) for kind in kinds]
        self.fields["seen_on"].initial = today

    def clean_number(self) -> str:
        """Capitals, single spaces."""
        return " ".join(str(self.cleaned_data["number"]).upper().split())


def _clock(label: Any, *, required: bool = True) -> forms.TimeField:
    field = forms.TimeField(
        label=label,
        required=required,
        input_formats=CLOCKS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    field.needed = True  # type: ignore[attr-defined]  # an empty one says that there is none
    return field


class HoursForm(forms.Form):
    """From when until when, and the break if there is one."""

    starts = _clock(_("Begins"))
    ends = _clock(_("Ends"))
    break_from = _clock(_("Break from"), required=False)
    break_until = _clock(_("Break until"), required=False)

    def clean(self) -> dict[str, Any]:
        """Hours that can be."""
        typed = dict(super().clean() or {})
        if not self.errors and (why := why_not_hours(Hours(**typed))):
            raise ValidationError(gettext(why.sentence))
        return typed

    def hours(self) -> Hours:
        """What was typed."""
        return Hours(**self.cleaned_data)


class DayForm(HoursForm):
    """The same for one day of a rider, on which he may be off."""

    works = forms.BooleanField(label=_("Works"), required=False)
    starts = _clock(_("Begins"), required=False)
    ends = _clock(_("Ends"), required=False)
    field_order = ("works", "starts", "ends", "break_from", "break_until")

    def clean(self) -> dict[str, Any]:
        """Off, or hours that can be."""
        typed = self.cleaned_data
        if not typed.pop("works", False) or self.errors:
            return {}
        if typed.get("starts") is None or typed.get("ends") is None:
            raise ValidationError(gettext("Type from when until when he works on this day."))
        return super().clean()

    def told(self) -> Hours | None:
        """The hours of the day, or None if he is off."""
        return self.hours() if self.cleaned_data else None


class BreakForm(forms.Form):
    """Until when a rider rests, by the clock on the wall."""

    until = forms.TimeField(label=_("Until"), input_formats=CLOCKS)
