"""Every page has the one look, and every form says where it went wrong, also to a screen reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.template.loader import render_to_string

GANCANG = Path(__file__).parents[2]
TEMPLATES = sorted(GANCANG.rglob("templates/**/*.html"))
# Stands alone, because what the bases need may be what broke.
ALONE = {"500.html"}


class Bag(forms.Form):
    """A form with one field of each kind that people meet."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.CharField(help_text="On the seal")
    landmark = forms.CharField(required=False)
    topics = forms.MultipleChoiceField(
        choices=[("dose", "Dose"), ("time", "Time")], widget=forms.CheckboxSelectMultiple
    )
    relation = forms.ChoiceField(choices=[("self", "Self")], widget=forms.RadioSelect)
    checked = forms.BooleanField()

    def clean_code(self) -> str:
        """Two things wrong at once."""
        raise forms.ValidationError(["Too short", "Not of this pharmacy"])


@pytest.fixture
def page() -> str:
    """The form as it comes back with its mistakes."""
    return render_to_string("web/form.html", {"form": Bag({"version": "odd", "code": "x"})})


def test_every_page_is_built_on_one_of_the_two_bases() -> None:
    assert len(TEMPLATES) > 30
    whole = {path.name for path in TEMPLATES if "<html" in path.read_text("utf-8")}
    assert whole == {"base.html", "base_light.html", *ALONE}
    pages = [text for path in TEMPLATES if "<h1" in (text := path.read_text("utf-8"))]
    built = re.compile(r'{% extends "base(_light)?.html" %}')
    assert len([text for text in pages if not built.match(text)]) == len(ALONE)


@pytest.mark.parametrize("base", ["base.html", "base_light.html"])
def test_a_base_names_its_language_and_leads_past_the_menu(base: str) -> None:
    text = (GANCANG / "web/templates" / base).read_text("utf-8")
    for needed in ('<html lang="{{ spoken }}"', 'name="viewport"', 'href="#main"', 'id="main"'):
        assert needed in text


def test_no_two_things_of_a_form_have_the_same_name(page: str) -> None:
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names))


def test_whatever_describes_a_field_is_there(page: str) -> None:
    named = set(re.findall(r'\bid="([^"]+)"', page))
    described = re.findall(r'aria-describedby="([^"]+)"', page)
    assert len(described) >= 4, "code, topics, relation and checked have each an error"
    assert {part for parts in described for part in parts.split()} <= named


@pytest.mark.parametrize("group", ["topics", "relation"])
def test_a_group_of_choices_is_tied_to_its_error(page: str, group: str) -> None:
    assert re.search(rf'<fieldset[^>]* aria-describedby="id_{group}_error"', page)


def test_each_error_leads_to_its_field(page: str) -> None:
    links = re.findall(r'href="#([^"]+)"', page)
    assert len(links) == 5, "two of the code, one of each other field that is seen and wrong"
    assert set(links) <= set(re.findall(r'\bid="([^"]+)"', page))


def test_an_error_of_a_hidden_field_is_told_and_leads_nowhere(page: str) -> None:
    assert "<li>Version: " in page


def test_only_what_may_stay_empty_is_marked(page: str) -> None:
    assert page.count("(bila ada)") == 1
    assert "landmark" in page[page.index("(bila ada)") :]
