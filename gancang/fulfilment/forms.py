"""What is typed to plan a case, and to say how it went."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.fulfilment import rules
from gancang.fulfilment.actions import Draft
from gancang.orders.evidence import SIGNATURE_MAX
from gancang.residents.forms import Day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time
    from zoneinfo import ZoneInfo

    from gancang.programmes.models import Programme
    from gancang.regions.models import Organisation
    from gancang.residents.queries import Person

WEEKDAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
FILE_BYTES_MAX = 2 * 2**20


class PlanForm(forms.Form):
    """What is to be done, by whom, on which days."""

    person = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    programme = forms.ChoiceField(label=_("Programme"))
    performer = forms.ChoiceField(label=_("By whom"))
    first = Day(label=_("First day"), help_text=_("Like 09-03-2027"))
    last = Day(label=_("Last day"), required=False, help_text=_("Empty: only the first day"))
    weekdays = forms.MultipleChoiceField(
        label=_("On these days of the week"),
        required=False,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
    )
    every_days = forms.IntegerField(
        label=_("Or every so many days"), required=False, min_value=1, max_value=365
    )
    at = forms.TimeField(label=_("At what time?"), required=False, widget=CLOCK)
    at_back = forms.TimeField(
        label=_("And back at"),
        required=False,
        widget=CLOCK,
        help_text=_("Only for rides there and back"),
    )
    pickup = forms.CharField(label=_("From"), required=False, max_length=200)
    dropoff = forms.CharField(label=_("To"), required=False, max_length=200)
    seats = forms.IntegerField(
        label=_("Seats"), required=False, min_value=1, max_value=rules.PEOPLE_MAX, initial=1
    )
    account = forms.CharField(
        label=_("Bank account"),
        required=False,
        max_length=60,
        help_text=_("Only for transfers: bank and number"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        programmes: Sequence[Programme],
        performers: Sequence[Organisation],
        **kwargs: Any,
    ) -> None:
        """What may be planned here, and who may do it."""
        super().__init__(*args, **kwargs)
        self.programmes = {row.code: row for row in programmes}
        self.performers = {row.code: row for row in performers}
        for name, rows in (("programme", self.programmes), ("performer", self.performers)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(code, row.name) for code, row in rows.items()]

    def draft(self, person: Person | None) -> Draft:
        """What was told, once it is clean."""
        typed = self.cleaned_data
        first = typed["first"]
        rhythm = rules.Rhythm(
            first=first,
            last=typed["last"] or first,
            weekdays=frozenset(int(day) for day in typed["weekdays"]),
            every_days=typed["every_days"],
        )
        return Draft(
            programme=self.programmes[typed["programme"]],
            performer=self.performers[typed["performer"]],
            rhythm=rhythm,
            person=person.number if person else None,
            at=typed["at"],
            at_back=typed["at_back"],
            pickup=typed["pickup"],
            dropoff=typed["dropoff"],
            seats=typed["seats"] or 1,
            account=typed["account"],
        )


class DoneForm(forms.Form):
    """How it went, with the proof that the programme asks for."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    signature = forms.CharField(
        required=False, max_length=SIGNATURE_MAX + 1, widget=forms.HiddenInput
    )
    level = forms.ChoiceField(label=_("Proof"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What was found and done?"),
        required=False,
        max_length=2000,
        help_text=_("Only who cares for this person reads it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    began = forms.TimeField(label=_("Began at"), required=False, widget=CLOCK)
    ended = forms.TimeField(label=_("Ended at"), required=False, widget=CLOCK)
    people = forms.IntegerField(
        label=_("How many came along?"), required=False, min_value=0, max_value=999
    )
    card = forms.CharField(
        label=_("Code on the card"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "data-scan": _("Scan with the camera"),
                "data-stop": _("Stop the camera"),
            }
        ),
    )
    witness = forms.CharField(label=_("Witness, with office"), required=False, max_length=200)

    def __init__(self, *args: Any, levels: Sequence[str], **kwargs: Any) -> None:
        """`levels`: the proofs of the programme; what none of them asks for is not shown."""
        super().__init__(*args, **kwargs)
        choice = self.fields["level"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(level, _(rules.LEVELS[level])) for level in levels]
        choice.initial = levels[0]
        asked = set(levels)
        for name, wanted in (
            ("note", {"note"}),
            ("witness", {"witness"}),
            ("card", {"card"}),
            ("people", {"trip", "count"}),
            ("began", {"trip"}),
            ("ended", {"trip"}),
        ):
            if not asked & wanted:
                del self.fields[name]

    def told(self, day: date, zone: ZoneInfo) -> rules.Told:
        """What was told; times are of the case's day, by the region's clock."""
        typed = self.cleaned_data
        return rules.Told(
            level=typed["level"],
            note=typed.get("note", ""),
            people=typed.get("people"),
            began_at=_moment(day, typed.get("began"), zone),
            ended_at=_moment(day, typed.get("ended"), zone),
            signature=typed["signature"],
            witness=typed.get("witness", ""),
            card=typed.get("card", ""),
        )


def _moment(day: date, clock: time | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, clock, tzinfo=zone) if clock else None


class ReasonForm(forms.Form):
    """Why it did not take place, or is called off."""

    reason = forms.CharField(label=_("Why?"), max_length=200)


class NoteForm(forms.Form):
    """What was seen in the field."""

    note = forms.CharField(
        label=_("What was seen?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class SpentForm(NoteForm):
    """What money was spent on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("What was it spent on?")


class ListForm(forms.Form):
    """Of which programme the transfers go to the bank."""

    programme = forms.ChoiceField(label=_("Programme"))

    def __init__(self, *args: Any, programmes: Sequence[Programme], **kwargs: Any) -> None:
        """`programmes`: those that transfer money."""
        super().__init__(*args, **kwargs)
        choice = self.fields["programme"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(row.code, row.name) for row in programmes]


class BankForm(forms.Form):
    """The bank's answer."""

    file = forms.FileField(
        label=_("The bank's file"),
        help_text=_("A line a transfer: code; amount; reference of the bank"),
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES_MAX:
            raise forms.ValidationError(_("This file is too big."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("This is not a text file.")) from error
