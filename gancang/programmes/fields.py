"""One key of a programme as a field of a page, whatever the key: made from the schema alone."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gancang.programmes.key_words import help_of, kind_in_words, label_of
from gancang.regions.pack_values import (
    OneOf,
    Text,
    Whole,
    Wholes,
    day,
    texts,
    yes_or_no,
)
from gancang.web.fields import Rupiah

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.regions.pack_values import Check, Key

    Offered = Sequence[tuple[str, str]] | None
LONG = 160  # characters from which a text gets a box of several lines


def field_for(key: str, told: Key, table: str = "", offers: Offered = None) -> forms.Field:
    """The field that asks for a key. Nothing is required: a draft may have holes."""
    field = _kind_of_field(key, told.check, offers)
    field.label = label_of(key, table)
    field.help_text = help_of(key, told, table)
    field.required = False
    field.needed = told.needed or isinstance(field, forms.BooleanField)  # type: ignore[attr-defined]  # read by field.html
    return field


def _kind_of_field(key: str, check: Check, offers: Offered) -> forms.Field:
    if check is texts and offers is not None:
        return forms.MultipleChoiceField(choices=offers, widget=forms.CheckboxSelectMultiple)
    if isinstance(check, OneOf) and offers is None:
        offers = [(word, kind_in_words(word)) for word in check.allowed]
    if offers is not None:
        return forms.ChoiceField(choices=[("", "-"), *offers])
    if check is yes_or_no:
        return forms.BooleanField()
    return _typed_field(key, check)


def _typed_field(key: str, check: Check) -> forms.Field:
    if check is day:
        return forms.DateField(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        )
    if isinstance(check, Whole):
        if key.endswith("_rp"):
            return Rupiah("")
        return forms.IntegerField(min_value=check.least, max_value=check.most)
    is_long = isinstance(check, Text) and check.most > LONG
    return forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput()
    )


def as_typed(value: object) -> object:
    """A value of a programme's file as its field shows it."""
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def initial_of(value: object, field: forms.Field) -> object:
    """What a field shows at first."""
    return value if isinstance(field, forms.MultipleChoiceField) else as_typed(value)


def value_of(typed: object, check: Check) -> object:
    """What was typed as the file keeps it; None where nothing was. ValidationError: no value."""
    if isinstance(typed, date):
        return typed.isoformat()
    if isinstance(typed, list):
        return typed or None
    if not isinstance(typed, str):
        return typed
    if not typed.strip():
        return None
    wanted: str | None = None
    for value in _readings(typed.strip().replace("\r\n", "\n"), check):
        wanted = check(value)
        if wanted is None:
            return value
    raise ValidationError(_("Write %(wanted)s.") % {"wanted": wanted_of(check, wanted or "")})


def _readings(typed: str, check: Check) -> list[object]:
    """As what a text may be meant: itself, a list by commas, or a value as TOML writes it."""
    parts = [part.strip() for part in typed.split(",") if part.strip()]
    if isinstance(check, Text | OneOf):
        return [typed]
    if isinstance(check, Wholes):
        return [[int(part) if part.isdigit() and len(part) < 12 else part for part in parts]]
    return [typed, parts, *_as_toml(typed)]


def _as_toml(typed: str) -> list[Any]:
    try:
        return [json.loads(typed)]
    except (ValueError, RecursionError):
        pass
    try:
        return [tomllib.loads(f"value = {typed}")["value"]]
    except (tomllib.TOMLDecodeError, KeyError, ValueError, RecursionError):
        return []


def wanted_of(check: Check, wanted: str) -> str:
    """What a key takes, in the reader's language; as the schema says it where nobody put it so."""
    words = wanted
    if isinstance(check, Whole):
        words = _("a whole number from %(least)s to %(most)s")
    elif isinstance(check, Wholes):
        words = _("whole numbers from %(least)s to %(most)s with commas between, like 4, 24")
    elif isinstance(check, OneOf):
        words = _("one of: %(words)s")
    elif isinstance(check, Text):
        pattern = _("something like %(like)s")
        words = pattern if check.pattern else _("a text of at most %(most)s characters")
    elif check is day:
        words = _("a day like 31-12-2026")
    limits = {name: getattr(check, name, "") for name in ("least", "most", "like")}
    return words % {**limits, "words": ", ".join(getattr(check, "allowed", ()))}
