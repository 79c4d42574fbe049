"""What a person may type about riders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gancang.fleet.actions import Equipment
from gancang.fleet.rules import CLASSES
from gancang.residents.rules import normal_phone, why_not_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from gancang.accounts.models import Membership


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
