"""What is typed of diners, stalls, rounds and ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.parcels.rules import FACTORS, LEVELS
from gancang.residents.forms import Day
from gancang.servings import rules
from gancang.servings.proving import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.fleet.models import Rider
    from gancang.regions.models import Organisation
    from gancang.servings.rules import Meal


def _choose(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class DinerForm(forms.Form):
    """Which meals somebody gets, from when until when."""

    person = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    meals = forms.MultipleChoiceField(label=_("Meals"), widget=forms.CheckboxSelectMultiple)
    first = Day(label=_("First day"), help_text=_("Like 09-03-2027"))
    last = Day(label=_("Last day"), required=False, help_text=_("Empty: open end"))
    diet = forms.ChoiceField(
        label=_("Diet"),
        required=False,
        choices=[(code, _(words)) for code, words in rules.DIETS.items()],
    )

    def __init__(self, *args: Any, meals: Sequence[Meal], **kwargs: Any) -> None:
        """`meals`: those of the programme."""
        super().__init__(*args, **kwargs)
        _choose(self, "meals", [(meal.code, meal.title) for meal in meals])


class AwayForm(forms.Form):
    """From when until when somebody does not eat, and why."""

    first = Day(label=_("First day"), help_text=_("Like 09-03-2027"))
    last = Day(label=_("Last day"), required=False, help_text=_("Empty: only the first day"))
    meal = forms.ChoiceField(label=_("Which meal?"), required=False)
    why = forms.ChoiceField(
        label=_("Why?"), choices=[(code, _(words)) for code, words in rules.AWAY.items()]
    )

    def __init__(self, *args: Any, meals: Sequence[Meal], **kwargs: Any) -> None:
        """`meals`: those of the programme."""
        super().__init__(*args, **kwargs)
        every = [("", _("All of them")), *((meal.code, meal.title) for meal in meals)]
        _choose(self, "meal", every)


class StallForm(forms.Form):
    """A kitchen, and how many meals it cooks at once."""

    kitchen = forms.ChoiceField(label=_("Kitchen"))
    capacity = forms.IntegerField(label=_("Meals at once, at most"), min_value=1, max_value=500)

    def __init__(self, *args: Any, kitchens: Sequence[Organisation], **kwargs: Any) -> None:
        """`kitchens`: those of the region."""
        super().__init__(*args, **kwargs)
        _choose(self, "kitchen", [(row.code, row.name) for row in kitchens])


class ShutForm(forms.Form):
    """From when until when a stall does not cook, and why."""

    first = Day(label=_("First day"), help_text=_("Like 09-03-2027"))
    last = Day(label=_("Last day"), required=False, help_text=_("Empty: only the first day"))
    reason = forms.CharField(label=_("Why?"), max_length=200)


class FallOutForm(forms.Form):
    """A stall cannot cook: today alone, or until a day."""

    last = Day(label=_("Until when?"), required=False, help_text=_("Empty: only today"))
    reason = forms.CharField(label=_("Why?"), max_length=200)


class RoundsForm(forms.Form):
    """Who rides with which meal."""

    meal = forms.ChoiceField(label=_("Meal"))
    couriers = forms.MultipleChoiceField(label=_("Couriers"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, meals: Sequence[Meal], couriers: Sequence[Rider], **kwargs: Any
    ) -> None:
        """The meals of the programme, and who may ride."""
        super().__init__(*args, **kwargs)
        self.riders = {str(row.pk): row for row in couriers}
        _choose(self, "meal", [(meal.code, meal.title) for meal in meals])
        _choose(
            self,
            "couriers",
            [(n, f"{row.user.full_name}, {row.organisation}") for n, row in self.riders.items()],
        )

    def chosen(self) -> list[Rider]:
        """The couriers, in the order in which they are listed."""
        return [self.riders[number] for number in self.cleaned_data["couriers"]]


class SeenForm(forms.Form):
    """By what it is proved that somebody was seen: as asked for, or what may stand in."""

    level = forms.ChoiceField(label=_("Proof"), required=False, widget=forms.RadioSelect)
    factor = forms.CharField(
        label=_("Date of birth, or code of the card"),
        required=False,
        max_length=30,
        help_text=_("Ask for it; do not read it out."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "data-scan": _("Scan with the camera"),
                "data-stop": _("Stop the camera"),
            }
        ),
    )
    reason = forms.CharField(label=_("Why not the first of these?"), required=False, max_length=200)

    def __init__(self, *args: Any, levels: Sequence[str], **kwargs: Any) -> None:
        """`levels`: the proofs of the programme, the required one first."""
        super().__init__(*args, **kwargs)
        _choose(self, "level", [(level, _(LEVELS[level])) for level in levels])
        self.fields["level"].initial = levels[0]
        if not FACTORS & set(levels):
            del self.fields["factor"]
        if len(levels) == 1:
            del self.fields["reason"]

    def shown(self) -> Shown:
        """What was shown at the door."""
        return Shown(**self.cleaned_data)


class UnseenForm(forms.Form):
    """Why nobody was seen."""

    reason = forms.CharField(label=_("What happened?"), max_length=200)


class AnswerForm(forms.Form):
    """How the person is."""

    answer = forms.CharField(
        label=_("How is the person?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
