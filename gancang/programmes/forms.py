"""The pages of the builder: each a form made from the schema, with the rows of its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gancang.programmes.fields import field_for, initial_of, value_of
from gancang.programmes.key_words import TABLES, label_of
from gancang.regions.pack import BudgetTerms
from gancang.web.fields import Rupiah

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.forms import BoundField

    from gancang.programmes.drafts import Offers
    from gancang.programmes.fields import Offered
    from gancang.programmes.key_words import Step

ROWS_MAX = 30
FIXED = {"version"}  # is counted, not typed
FILE_BYTES_MAX = 200_000


class StepForm(forms.Form):
    """One page of a draft. A row that is emptied goes; the last row of a list is always empty."""

    seen = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)

    def __init__(
        self,
        step: Step,
        told: Mapping[str, Any],
        offers: Offers,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self.step, self._told = step, told
        self._keys = [key for key in step.keys if key not in FIXED]
        for key in self._keys:
            self._add(key, key, "", told.get(key), offers)
        for table in step.tables:
            rows = told.get(table) or []
            for place in range(self._rows_of(table, len(rows), data)):
                row = rows[place] if place < len(rows) else {}
                for key in TABLES[table]:
                    self._add(f"{table}-{place}-{key}", key, table, row.get(key), offers)

    def _rows_of(self, table: str, there: int, data: Mapping[str, Any] | None) -> int:
        typed = str(data.get(f"{table}-rows", "")) if data is not None else ""
        count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else there + 1
        return min(max(count, 1), ROWS_MAX)

    def _add(self, name: str, key: str, table: str, value: object, offers: Offers) -> None:
        offered = _with_told(offers.get(key), value)
        field = field_for(key, TABLES[table][key], table, offered)
        self.fields[name] = field
        if value is not None:
            self.initial[name] = initial_of(value, field)

    def clean(self) -> dict[str, Any]:
        """Each value as the file keeps it, or what is wanted instead, beside its field."""
        cleaned = super().clean() or {}
        self.values: dict[str, object] = {}
        for name, typed in list(cleaned.items()):
            if name == "seen":
                continue
            table, key = _place_of(name)
            check = TABLES[table][key].check
            try:
                self.values[name] = value_of(typed, check)
            except ValidationError as error:
                self.add_error(name, error)
        return cleaned

    def told(self) -> dict[str, Any]:
        """The whole draft with this page put in."""
        found = {**self._told}
        for key in self._keys:
            _put(found, key, self.values.get(key))
        for table in self.step.tables:
            rows = [row for row in self._table(table) if row]
            _put(found, table, rows or None)
        return found

    def _table(self, table: str) -> Iterator[dict[str, object]]:
        places = sorted({int(n.split("-")[1]) for n in self.fields if n.startswith(f"{table}-")})
        for place in places:
            values = {key: self.values.get(f"{table}-{place}-{key}") for key in TABLES[table]}
            yield {
                key: value
                for key, value in values.items()
                if value is not None and value is not False
            }

    def plain_fields(self) -> list[BoundField]:
        """The fields of the page itself."""
        return [self[key] for key in self._keys]

    def lists(self) -> list[dict[str, Any]]:
        """The lists of the page: heading, name, and the fields of each row."""
        found = []
        for table in self.step.tables:
            names = [name for name in self.fields if name.startswith(f"{table}-")]
            rows: dict[str, list[BoundField]] = {}
            for name in names:
                rows.setdefault(name.split("-")[1], []).append(self[name])
            found.append({"table": table, "title": label_of(table), "rows": list(rows.values())})
        return found


def _place_of(name: str) -> tuple[str, str]:
    table, _place, key = name.split("-", 2) if "-" in name else ("", "", name)
    return table, key


def _put(found: dict[str, Any], key: str, value: object) -> None:
    """An empty list says something for a key that must be told; else nothing is nothing."""
    if value is None and key in TABLES[""] and TABLES[""][key].needed and _may_be_empty(key):
        found[key] = []
    elif value is None or (value is False and not TABLES[""][key].needed):
        found.pop(key, None)
    else:
        found[key] = value


def _may_be_empty(key: str) -> bool:
    return TABLES[""][key].check([]) is None


def _with_told(offered: Offered, value: object) -> Offered:
    # What is told but no longer offered stays to be seen, and to be mended.
    if offered is None or value is None:
        return offered
    told = value if isinstance(value, list) else [value]
    codes = {code for code, _words in offered}
    return [*offered, *((str(each), str(each)) for each in told if each not in codes)]


class ImportForm(forms.Form):
    """A programme's file."""

    file = forms.FileField(
        label=_("File of a programme (TOML)"),
        help_text=_("As it was taken along from here or from another region."),
    )

    def text(self) -> str | None:
        """What stands in it; None where that is no text, or far too long."""
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES_MAX:
            return None
        try:
            told: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            return None
        return told


class TrialForm(forms.Form):
    """How often a month one person gets it, for the price of a month."""

    times = forms.IntegerField(label=_("Times a month for one person"), min_value=1, max_value=100)


class HaltForm(forms.Form):
    """From when until when a programme takes no new cases."""

    since = forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("The last day of the cycle. Empty: it ends for good."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
    )
    reason = forms.CharField(label=_("Why"), max_length=200)


class BudgetForm(forms.Form):
    """What a fund gives to a programme in a year, by which decree."""

    fund = forms.ChoiceField(label=_("Fund"))
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    amount_rp = Rupiah(_("Granted for the year, in rupiah"), most=10**13)
    decree = forms.CharField(label=_("Decree"), max_length=200)

    def __init__(self, *args: Any, funds: Offered, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["fund"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(funds or [])

    def terms(self, programme: str) -> BudgetTerms:
        """The budget line that was typed."""
        typed = self.cleaned_data
        return BudgetTerms(
            fund=typed["fund"],
            programme=programme,
            year=typed["year"],
            amount_rp=typed["amount_rp"],
            decree=typed["decree"],
        )
