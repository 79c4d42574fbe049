"""What is typed about an application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.residents.forms import Day

if TYPE_CHECKING:
    from collections.abc import Iterable


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

    def __init__(self, *args: Any, programmes: Iterable[tuple[str, str]], **kwargs: Any) -> None:
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


class OverrideForm(WordsForm):
    """Letting somebody in against the rules."""

    until = Day(
        label=_("Override: last day"),
        required=False,
        help_text=_("Like 31-12-2026; not needed to uphold"),
    )
    field_order = ("note", "until")
