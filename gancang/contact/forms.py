"""What those who speak with patients type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.contact.rules import RELATIONS
from gancang.residents.rules import find_day, normal_phone, why_not_phone
from gancang.values import Refused
from gancang.web.middleware import sentence_of


class SearchForm(forms.Form):
    """The code on the slip; or the name and the date of birth."""

    code = forms.CharField(
        label=_("Code of the order"),
        max_length=20,
        required=False,
        help_text=_("On the slip or in the message, like ABC-1234-5678"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Or: name of the patient"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    born = forms.CharField(
        label=_("and date of birth"),
        max_length=20,
        required=False,
        help_text=_("Like 09-03-1951"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        """Either the code, or both others."""
        typed = self.cleaned_data
        if typed.get("code"):
            return typed
        typed["born"] = find_day(typed.get("born", ""))
        if len(typed.get("name", "").strip()) < 3 or typed["born"] is None:
            raise forms.ValidationError(
                _("Type the code; or at least three letters of the name and the date of birth.")
            )
        return typed


class AskedForm(forms.Form):
    """Who asks for the patient, and that the patient wants it."""

    relation = forms.ChoiceField(
        label=_("Who asks?"),
        choices=[(code, _(words)) for code, words in RELATIONS.items()],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Name of whoever asks, if it is not the patient"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    asked = forms.BooleanField(label=_("The patient asked for this"), required=False)


class CorrectForm(AskedForm):
    """Another phone, another landmark."""

    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        help_text=_("Of the patient or of whoever is at home"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    landmark = forms.CharField(
        label=_("Landmark"),
        max_length=200,
        required=False,
        help_text=_("Behind the mosque, blue fence …"),
    )
    field_order = ("phone", "landmark", "relation", "name", "asked")

    def clean_phone(self) -> str:
        """The number as it is kept."""
        phone = normal_phone(self.cleaned_data["phone"])
        if why := why_not_phone(phone):
            raise forms.ValidationError(sentence_of(Refused(why)))
        return phone


class AnswerForm(forms.Form):
    """What a patient is answered."""

    words = forms.CharField(
        label=_("Answer"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Up to 160 letters are one message. Nothing about the medicine itself."),
    )


class WrongForm(forms.Form):
    """What the patient's page says is wrong."""

    words = forms.CharField(
        label=_("What is wrong?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class LanguageForm(forms.Form):
    """In which language a patient is written to."""

    language = forms.ChoiceField(label=_("Language of letters"))

    def __init__(self, *args: object, languages: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name) for name in languages]
