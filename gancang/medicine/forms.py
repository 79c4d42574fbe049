"""What the counter types. rules.py judges a prescription's own fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gancang.addresses.forms import DEGREES
from gancang.medicine.rules import LENGTHS, Problem
from gancang.regions.queries import village_meant, villages_meant
from gancang.residents.rules import Why as Unclear
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gancang.medicine.desk_lists import DeskWords
    from gancang.regions.models import Village


ROWS_LEAST = 5
NEW_OF_A_KNOWN_PATIENT = ("number", "clinic", "prescriber", "items", "pbi")
THE_SAME_AGAIN = ("number", "pbi", "confirmed", "items", "clinic", "prescriber")
OPTIONAL = {"nik", "landmark", "lat", "lon"}
OPTIONAL |= {
    "prescribed_at",
    "confirmed",
    "village_letter",
    "village_letter_as_of",
    "desil",
    "local_list",
    "judged_in_need",
}
TOLD = [("", _("Not asked")), ("ya", _("Yes")), ("tidak", _("No"))]


class ItemsWidget(forms.Textarea):
    """Rows of name, amount, days and class, and a text beside them; together they are the text."""

    template_name = "medicine/items_widget.html"
    ROWS = ("item_name", "item_quantity", "item_days", "item_class")
    classes: Sequence[tuple[str, str]] = ()
    medicines: Sequence[str] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """The rows as lines, then what was pasted."""
        columns = [data.getlist(column) for column in self.ROWS] if data else []
        torn = zip(*columns, strict=False)  # a form that lacks a column lost its rows
        rows = [[part.replace("|", "/").strip() for part in row] for row in torn]
        lines = [" | ".join(row).rstrip(" |") for row in rows if any(row)]
        return "\n".join([*lines, data.get(name, "")]).strip()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Each line in a row of its own again, and some empty ones."""
        context = super().get_context(name, value, attrs)
        lines = [line for line in (value or "").splitlines() if line.strip()]
        rows = [[part.strip() for part in [*line.split("|"), "", "", ""]][:4] for line in lines]
        empty = max(ROWS_LEAST - len(rows), 2)
        context["widget"] |= {
            "rows": [*rows, *([[""] * 4] * empty)],
            "classes": self.classes,
            "medicines": self.medicines,
        }
        return context


class VillageWidget(forms.TextInput):
    """A village as it is spoken; below it those that may be meant, to choose from."""

    template_name = "medicine/village_widget.html"
    offers: Sequence[Village] = ()
    villages: Mapping[str, Village] = {}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """The one that was chosen, if one was; else what was typed."""
        told = [each for each in data.getlist(name) if each.strip()] if data else []
        return str(told[-1]) if told else ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the villages that may be meant, and a code by the name that it stands for."""
        if known := self.villages.get(value):
            value = f"{known.name}, {known.district.name}"
        context = super().get_context(name, value, attrs)
        context["widget"]["offers"] = self.offers
        return context


class PrescriptionForm(forms.Form):
    """A prescription at the counter; every field is text, so that all doors judge it alike."""

    number = forms.CharField(label=_("Prescription number"), required=False)
    full_name = forms.CharField(label=_("Patient's name"), required=False)
    nik = forms.CharField(
        label=_("NIK"),
        required=False,
        help_text=_("16 digits; leave it empty if there is none"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    birth_date = forms.CharField(
        label=_("Date of birth"), required=False, help_text=_("Like 09-03-1951")
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        help_text=_("Of the patient or of whoever is at home; - if there is none"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    village = forms.CharField(
        label=_("Village"),
        required=False,
        help_text=_("As it is called; the kecamatan behind it if the name is common"),
        widget=VillageWidget(attrs={"list": "villages", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("Address"), required=False, help_text=_("Hamlet, RT/RW, street and number")
    )
    landmark = forms.CharField(
        label=_("Landmark"), required=False, help_text=_("Behind the mosque, blue fence …")
    )
    lat = forms.CharField(label=_("Pin: latitude"), required=False, widget=DEGREES)
    lon = forms.CharField(label=_("Pin: longitude"), required=False, widget=DEGREES)
    clinic = forms.CharField(label=_("Clinic"), required=False)
    prescriber = forms.CharField(label=_("Prescriber"), required=False)
    items = forms.CharField(
        label=_("Medicines"),
        required=False,
        help_text=_("One a row. Nobody but the pharmacy sees this."),
        widget=ItemsWidget,
    )
    pbi = forms.ChoiceField(
        label=_("Active BPJS PBI card seen?"),
        required=False,
        choices=[("ya", _("Yes")), ("tidak", _("No"))],
        widget=forms.RadioSelect,
    )
    village_letter = forms.ChoiceField(
        label=_("Letter of poverty (SPM) from the village seen?"), required=False, choices=TOLD
    )
    village_letter_as_of = forms.CharField(
        label=_("Date of that letter"), required=False, help_text=_("Like 09-03-1951")
    )
    desil = forms.CharField(
        label=_("Desil in the registry (DTSEN)"),
        required=False,
        help_text=_("1 to 10; 0 if the household is not in it; empty if nobody looked"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    local_list = forms.ChoiceField(
        label=_("On the regency's own list of the poor?"), required=False, choices=TOLD
    )
    judged_in_need = forms.ChoiceField(
        label=_("Does this patient need your own visit?"),
        required=False,
        choices=TOLD,
        help_text=_("For a severe or chronic illness: you bring the medicine yourself"),
    )
    confirmed = forms.BooleanField(
        label=_("Address and phone read back to the patient"),
        required=False,
        help_text=_("Without it somebody asks the patient before a rider is sent"),
        widget=forms.CheckboxInput(attrs={"value": "ya"}),
    )
    prescribed_at = forms.CharField(
        label=_("When was it written?"),
        required=False,
        help_text=_("Like 09:40, or 24-11-2026 09:40; empty if it does not say"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: object,
        villages: Mapping[str, Village],
        judge: str = "",
        words: DeskWords | None = None,
        **kwargs: object,
    ) -> None:
        """`judge` names the pharmacist who types; nobody else judges who needs a visit."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments
        self.judge = judge
        if words:
            self._suggest(words)
        if self.initial:  # of a known patient only the prescription is to be typed
            again = "items" in self.initial and "number" not in self.initial
            self.order_fields(THE_SAME_AGAIN if again else NEW_OF_A_KNOWN_PATIENT)
            self.fields["number"].widget.attrs["autofocus"] = True
        if not judge:
            del self.fields["judged_in_need"]
        self.villages = villages
        self.where = self.fields["village"].widget
        assert isinstance(self.where, VillageWidget)
        self.where.villages = villages
        self.where.attrs |= {
            "hx-get": f"{reverse('residents:villages')}?format=choices",
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#village-choices",
        }
        for name, each in self.fields.items():
            # The rules say what is missing, for all doors alike; the form only marks it.
            each.needed = name not in OPTIONAL  # type: ignore[attr-defined]  # read by web/field.html

    def _suggest(self, words: DeskWords) -> None:
        widget = self.fields["items"].widget
        assert isinstance(widget, ItemsWidget)
        widget.classes, widget.medicines = words.classes, words.medicines
        for name in ("clinic", "prescriber"):
            self.fields[name].widget.attrs["list"] = f"{name}s"

    def typed(self) -> Mapping[str, str]:
        """What was typed, as the rules read it."""
        typed = {name: str(self.data.get(name, "")) for name in self.fields}
        typed["village"] = self._village(typed["village"].strip())
        typed["items"] = self.fields["items"].widget.value_from_datadict(self.data, {}, "items")
        return {
            **typed,
            "judged_by": self.judge,
            "accepts_rp": str(self.data.get("accepts_rp", "")),
        }

    def _village(self, typed: str) -> str:
        """The code of the village that is meant; what was typed, where it is not clear."""
        found = village_meant(self.villages, typed) if typed else None
        if found is None and typed:
            self.where.offers = villages_meant(self.villages, typed)
        # A name is longer than a code; what nobody is called like is told as such, not as too long.
        return found.code if found else typed[: LENGTHS["village"]]

    def tell(self, problems: Iterable[Problem]) -> None:
        """Show what the rules found wrong, each beside its field."""
        for problem in problems:
            is_unclear = problem.field == "village" and self.where.offers
            why = Unclear.NO_CLEAR_VILLAGE if is_unclear else problem.why
            told = sentence_of(Refused(why, **problem.facts))
            self.add_error(problem.field if problem.field in self.fields else None, told)
