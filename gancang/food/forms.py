"""What a buyer puts into a basket and tells of himself, and what a kitchen answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.food.rules import CASH, MINUTES_MOST, PAYS_BY, REASONS
from gancang.menus.rules import COUNT_MOST, Wanted
from gancang.regions.queries import village_meant
from gancang.residents.forms import PhoneNumber
from gancang.residents.rules import Why as Unclear
from gancang.values import Refused, in_words
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gancang.menus.models import Choice, Dish, OptionGroup
    from gancang.regions.models import Village


class BasketForm(forms.Form):
    """How many of which dish, to whom and where."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Your name"), max_length=120)
    phone = PhoneNumber(
        label=_("Phone"), max_length=30, help_text=_("A message brings you a code and your link.")
    )
    village = forms.CharField(
        label=_("Village"),
        max_length=120,
        help_text=_("As it is called, with the kecamatan behind it if the name is common"),
        widget=forms.TextInput(attrs={"list": "villages", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("Address"), max_length=200, help_text=_("Hamlet, RT/RW, street and number")
    )
    landmark = forms.CharField(label=_("Landmark"), required=False, max_length=200)
    note = forms.CharField(label=_("For the kitchen"), required=False, max_length=200)
    pays_by = forms.ChoiceField(
        label=_("How do you pay?"),
        choices=[(code, _(words)) for code, words in PAYS_BY.items()],
        initial=CASH,
        widget=forms.RadioSelect,
        required=False,
    )
    # What it costs, as this page last showed it.
    shown_rp = forms.IntegerField(
        required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, dishes: Sequence[Dish], villages: Mapping[str, Village], **kwargs: Any
    ) -> None:
        """`dishes`: with their options; each asks how many, and its own questions."""
        super().__init__(*args, **kwargs)
        self.dishes, self.villages = dishes, villages
        for dish in dishes:
            self.fields[f"count-{dish.pk}"] = forms.IntegerField(
                label=dish.name,
                required=False,
                min_value=0,
                max_value=COUNT_MOST,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "0"}),
            )
            for group in dish.groups.all():
                self.fields[f"group-{group.pk}"] = _asking(group)

    def rows(self) -> Iterator[tuple[Dish, forms.BoundField, list[forms.BoundField]]]:
        """Each dish with its fields, as the page shows them."""
        for dish in self.dishes:
            groups = [self[f"group-{group.pk}"] for group in dish.groups.all()]
            yield dish, self[f"count-{dish.pk}"], groups

    def clean_village(self) -> Village:
        """The village that is meant."""
        meant = village_meant(self.villages, self.cleaned_data["village"])
        if meant is None:
            raise forms.ValidationError(sentence_of(Refused(Unclear.NO_CLEAR_VILLAGE)))
        return meant

    def clean_pays_by(self) -> str:
        """Cash, where nothing else is asked for."""
        return self.cleaned_data["pays_by"] or CASH

    def wanted(self) -> list[Wanted]:
        """The basket, in the order of the menu."""
        found = []
        for dish in self.dishes:
            if count := self.cleaned_data.get(f"count-{dish.pk}"):
                chosen: list[str] = []
                for group in dish.groups.all():
                    told = self.cleaned_data[f"group-{group.pk}"]
                    chosen += told if isinstance(told, list) else [told]
                choices = tuple(int(each) for each in chosen if each)
                found.append(Wanted(dish=dish.pk, choices=choices, count=count))
        return found


def _asking(group: OptionGroup) -> forms.Field:
    """The field of a dish's question: one answer, or several."""
    there = [each for each in group.choices.all() if each.is_available]
    choices = [(str(each.pk), _words(each)) for each in there]
    if group.most > 1:
        return forms.MultipleChoiceField(
            label=group.name,
            required=False,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
        )
    return forms.ChoiceField(label=group.name, required=False, choices=[("", "-"), *choices])


def _words(choice: Choice) -> str:
    return f"{choice.name} (+{in_words(choice.extra_rp)})" if choice.extra_rp else choice.name


class CodeForm(forms.Form):
    """The code of the message."""

    code = forms.CharField(
        label=_("Code of the message"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class AcceptForm(forms.Form):
    """Ready in so many minutes; what is missing."""

    minutes = forms.IntegerField(
        label=_("Ready in how many minutes?"), min_value=1, max_value=MINUTES_MOST
    )
    without = forms.TypedMultipleChoiceField(
        label=_("What is missing"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, lines: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        """`lines`: the places and words of what was ordered."""
        super().__init__(*args, **kwargs)
        field = self.fields["without"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(lines)


class RefuseForm(forms.Form):
    """Why the kitchen says no."""

    reason = forms.ChoiceField(
        label=_("Why not?"), choices=[(code, _(words)) for code, words in REASONS.items()]
    )
