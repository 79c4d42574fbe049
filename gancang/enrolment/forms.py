"""What is typed about an application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.enrolment.importing import Taken
from gancang.enrolment.need_rules import OUTCOMES
from gancang.enrolment.needs import Told
from gancang.regions.queries import find_clear_village
from gancang.residents.forms import Day, PhoneNumber
from gancang.residents.rules import Why as PersonWhy
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from gancang.regions.models import Region, Village


class ApplyForm(forms.Form):
    """Who applies for which programme."""

    person = forms.CharField(
        label=_("NIK, local id or name"),
        max_length=120,
        help_text=_("Who has no entry yet is entered on the page of residents first"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    programme = forms.ChoiceField(label=_("Programme"))
    note = forms.CharField(label=_("In the person's words"), max_length=500, required=False)

    def __init__(self, *args: Any, programmes: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(programmes)


class PapersForm(forms.Form):
    """Which papers were seen."""

    papers = forms.MultipleChoiceField(
        label=_("Papers that were seen"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, papers: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["papers"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name) for name in papers]


class WordsForm(forms.Form):
    """Why something is done."""

    note = forms.CharField(label=_("Why?"), max_length=500, required=False)
    note.needed = True  # type: ignore[attr-defined]  # "if known" would not be true


class OwnAppealForm(forms.Form):
    """What an applicant himself writes against a refusal."""

    note = forms.CharField(
        label=_("Why is it wrong?"),
        help_text=_("Write it in your own words. An officer of the programme reads it."),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class OverrideForm(WordsForm):
    """Letting somebody in against the rules."""

    until = Day(
        label=_("Override: last day"),
        required=False,
        help_text=_("Like 31-12-2026; not needed to uphold"),
    )
    field_order = ("note", "until")


class OutcomesForm(forms.Form):
    """What was found in the field, a line each."""

    lines = forms.CharField(
        label=_("Code; what was found; referred to"),
        max_length=1_000_000,
        required=False,
        help_text=_("sah, pindah, meninggal, usaha tutup or rujuk; pasted from a table too"),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
    )
    lines.needed = True  # type: ignore[attr-defined]  # as above


class NeedForm(forms.Form):
    """Somebody tells of a neighbour in need."""

    place = forms.CharField(
        label=_("Village"),
        max_length=120,
        help_text=_("As it is called, with the kecamatan behind it if the name is common"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = forms.CharField(
        label=_("Who needs help, where, and with what?"),
        max_length=1000,
        help_text=_("Name or house, RT/RW, what you saw. Only those who answer for it read it."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    phone = PhoneNumber(label=_("Your phone, if you may be rung"), max_length=30, required=False)

    def __init__(self, *args: Any, regions: Sequence[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions = regions

    def clean_place(self) -> Village:
        """The one village that is meant, in any region of this house."""
        typed = self.cleaned_data["place"].replace("\0", "")
        found = [each for region in self.regions if (each := find_clear_village(region, typed))]
        if len(found) != 1:
            raise forms.ValidationError(
                _("No village is clearly meant; write the kecamatan behind its name.")
            )
        return found[0]

    def told(self) -> Told:
        """What was typed, as a report."""
        typed = self.cleaned_data
        return Told(village=typed["place"], words=typed["words"], phone=typed["phone"])


class AnswerForm(forms.Form):
    """What was done about a report."""

    outcome = forms.ChoiceField(
        label=_("What was done?"), choices=[(code, _(words)) for code, words in OUTCOMES.items()]
    )
    words = forms.CharField(label=_("In a few words"), max_length=1000)


class ListForm(forms.Form):
    """A list of people, from whom and of which day, and whether they apply."""

    file = forms.FileField(label=_("List (CSV or XLSX)"))
    source = forms.CharField(
        label=_("Who told it?"),
        max_length=80,
        help_text=_("Office, card or letter with its number"),
    )
    as_of = Day(label=_("True on"), help_text=_("Like 09-03-2026"))
    programme = forms.ChoiceField(label=_("They apply for"), required=False)

    def __init__(
        self, *args: Any, programmes: Iterable[tuple[str, str]], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["programme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("nothing; only the registry")), *programmes]

    def clean_as_of(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["as_of"]
        if day > self.today:
            raise forms.ValidationError(sentence_of(Refused(PersonWhy.FACT_AHEAD)))
        return day

    def taken(self) -> Taken:
        """Under what the list is taken in."""
        typed = self.cleaned_data
        return Taken(
            source=typed["source"], as_of=typed["as_of"], programme_code=typed["programme"]
        )
