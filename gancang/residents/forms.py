"""What is typed in the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.addresses.forms import PinForm
from gancang.regions.facts import read_value
from gancang.regions.queries import find_clear_village, find_villages
from gancang.residents.registry import TAKE_AWAY
from gancang.residents.rules import (
    BECAUSE,
    CONSENT_HOWS,
    CONSENTS,
    REASONS,
    REASONS_TO_MERGE,
    RELATIONS,
    SEXES,
    SOURCES_OF_DEATH,
    WHOSE,
    Why,
    find_day,
    normal_phone,
    why_not_birth_date,
    why_not_nik,
    why_not_phone,
)
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gancang.regions.facts import FactKind, Value
    from gancang.regions.models import Region, Village
    from gancang.values import Reason


def _words(table: Mapping[str, str], empty: bool = False) -> list[tuple[str, Any]]:  # noqa: FBT001, FBT002
    told = [(code, _(words)) for code, words in table.items()]
    return [("", "—"), *told] if empty else told


def _refuse(why: Reason | None) -> None:
    if why:
        raise forms.ValidationError(sentence_of(Refused(why)))


class Day(forms.CharField):
    """A day as people write it, either way round."""

    def clean(self, value: Any) -> Any:
        """The day, or None for nothing."""
        typed = super().clean(value)
        if typed and find_day(typed) is None:
            raise forms.ValidationError(_("This is not a date; write it like 09-03-1951."))
        return find_day(typed) if typed else None


class PhoneNumber(forms.CharField):
    """A number that can be rung, normalised."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        """The number with +62 in front."""
        phone = normal_phone(super().clean(value))
        if phone:
            _refuse(why_not_phone(phone))
        return phone


class CorrectionForm(PinForm):
    """How a person's entry should read, and why it is changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    full_name = forms.CharField(label=_("Name"), max_length=120)
    birth_date = Day(label=_("Date of birth"), required=False, help_text=_("Like 09-03-1951"))
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=_words(SEXES, empty=True))
    nik = forms.CharField(
        label=_("New NIK"),
        required=False,
        max_length=30,
        help_text=_("Empty: it stays as it is. “-”: take it away."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    family_card = forms.CharField(
        label=_("New number of the family card (KK)"),
        required=False,
        max_length=30,
        help_text=_("Empty: it stays as it is. “-”: take it away."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
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
    landmark = forms.CharField(
        label=_("Landmark"),
        max_length=200,
        required=False,
        help_text=_("Behind the mosque, blue fence …"),
    )
    reason = forms.ChoiceField(label=_("Why is it changed?"), choices=_words(REASONS))

    field_order = (
        "version",
        "full_name",
        "birth_date",
        "sex",
        "nik",
        "family_card",
        "village",
        "address",
        "landmark",
        "lat",
        "lon",
        "reason",
    )

    def __init__(self, *args: Any, region: Region, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region, self.today = region, today
        self.offers: list[Village] = []

    def clean_birth_date(self) -> date | None:
        """A day on which somebody alive may be born."""
        day: date | None = self.cleaned_data["birth_date"]
        if day:
            _refuse(why_not_birth_date(day, today=self.today))
        return day

    def clean_nik(self) -> str:
        """Only the form is judged; what is odd is told on the person's page."""
        typed: str = self.cleaned_data["nik"].replace(" ", "")
        if typed and typed != TAKE_AWAY:
            _refuse(why_not_nik(typed))
        return typed

    def clean_family_card(self) -> str:
        """Sixteen digits, as on the card."""
        typed: str = self.cleaned_data["family_card"].replace(" ", "")
        if typed and typed != TAKE_AWAY and not (len(typed) == 16 and typed.isdecimal()):
            _refuse(Why.CARD_NOT_16_DIGITS)
        return typed

    def clean_village(self) -> Village | None:
        """The one village that is meant; else those that may be meant are offered."""
        typed: str = self.cleaned_data["village"]
        found = find_clear_village(self.region, typed)
        if found is None:
            self.offers = find_villages(self.region, typed)
            _refuse(Why.NO_CLEAR_VILLAGE if self.offers else Why.NO_SUCH_VILLAGE)
        return found


class PhoneForm(forms.Form):
    """One more number."""

    number = PhoneNumber(label=_("Phone"), max_length=30)
    whose = forms.ChoiceField(label=_("Whose is it?"), choices=_words(WHOSE))


class RepresentativeForm(forms.Form):
    """Who acts or receives for somebody."""

    full_name = forms.CharField(label=_("Name"), max_length=120)
    relation = forms.ChoiceField(label=_("Relation"), choices=_words(RELATIONS))
    because = forms.ChoiceField(label=_("Why is that needed?"), choices=_words(BECAUSE))
    phone = PhoneNumber(label=_("Phone"), max_length=30, required=False)
    may_act = forms.BooleanField(label=_("May decide and call off"), required=False, initial=True)
    may_receive = forms.BooleanField(label=_("May receive medicine"), required=False, initial=True)


class DeathForm(forms.Form):
    """That somebody has died, and who told it."""

    on = Day(label=_("Died on"), help_text=_("Like 09-03-2026"))
    source = forms.ChoiceField(label=_("Who told it?"), choices=_words(SOURCES_OF_DEATH))


class MergeForm(forms.Form):
    """Why two entries are one person."""

    reason = forms.ChoiceField(
        label=_("How is it known?"),
        choices=_words(REASONS_TO_MERGE),
        widget=forms.RadioSelect,
    )


class FactForm(forms.Form):
    """One thing that is known of somebody, who told it and of which day."""

    fact = forms.ChoiceField(label=_("What is known?"))
    value = forms.CharField(
        label=_("Value"), max_length=80, help_text=_("Yes or no, a number, a date like 2026-01-31")
    )
    source = forms.CharField(
        label=_("Who told it?"),
        max_length=80,
        help_text=_("Office, card or letter with its number"),
    )
    as_of = Day(label=_("True on"), help_text=_("Like 09-03-2026"))

    def __init__(
        self, *args: Any, kinds: Mapping[str, FactKind], language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {code: kind for code, kind in kinds.items() if not kind.derived}
        field = self.fields["fact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, kind.words(language)) for code, kind in self.kinds.items()]

    def clean(self) -> dict[str, Any]:
        """The value as its fact wants it."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("fact") and typed.get("value"):
            try:
                typed["value"] = self.value_of(typed["fact"], typed["value"])
            except Refused as refusal:
                self.add_error("value", sentence_of(refusal))
        return typed

    def value_of(self, fact: str, typed: str) -> Value:
        """What was typed, as a value of that fact."""
        return read_value(self.kinds[fact], typed)


class ConsentForm(forms.Form):
    """For what somebody agrees, or takes it back."""

    purpose = forms.ChoiceField(label=_("For what?"), choices=_words(CONSENTS))
    how = forms.ChoiceField(label=_("How was it told?"), choices=_words(CONSENT_HOWS))
