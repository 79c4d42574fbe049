"""Fields that forms of several capabilities ask in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gancang.values import read_rupiah

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def moment(
    label: StrOrPromise, *, required: bool = True, help_text: StrOrPromise = ""
) -> forms.DateTimeField:
    """A day and a minute, by the browser's own picker or typed as 31-12-2026 13:45."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M"],
    )


class Rupiah(forms.IntegerField):
    """Whole rupiah, with or without the dots of thousands.

    Django's own field takes a dot and noughts for a decimal: 20.000 would be twenty rupiah.
    """

    def __init__(
        self,
        label: StrOrPromise,
        *,
        most: int = 10**12,
        required: bool = True,
        help_text: StrOrPromise = "",
    ) -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            min_value=0,
            max_value=most,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )

    def to_python(self, value: object) -> int | None:
        """What was typed, in whole rupiah."""
        told = "" if value is None else str(value).strip()
        if not told:
            return None
        if (rupiah := read_rupiah(told)) is None:
            raise ValidationError(_("Write whole rupiah, like 18000 or 18.000."), code="invalid")
        return rupiah
