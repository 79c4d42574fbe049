"""What is keyed in from a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.cash.rules import REFERENCE_MAX
from gancang.medicine.rules import RELATIONS
from gancang.orders.lifecycle import Failure
from gancang.paperwork.actions import OnPaper
from gancang.web.fields import moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gancang.fleet.models import Rider

DELIVERED = "delivered"
PAYING = ("paid", "paper_number", "paid_reference")


class OnPaperForm(forms.Form):
    """How a bag's way ended, as the rider wrote it down."""

    rider = forms.ChoiceField(label=_("Who carried it?"))
    fetched_at = moment(_("Fetched at"))
    at = moment(_("At the door at"))
    outcome = forms.ChoiceField(label=_("How did it end?"))
    bag_codes = forms.CharField(
        label=_("Codes on the bags that were handed over"),
        required=False,
        max_length=200,
        help_text=_("As the rider wrote them down, one after the other."),
    )
    receiver = forms.CharField(label=_("Who received it?"), required=False, max_length=120)
    relation = forms.ChoiceField(
        label=_("Who is that?"),
        required=False,
        choices=[("", "—"), *((code, _(words)) for code, words in RELATIONS.items())],
    )
    factor = forms.CharField(
        label=_("Date of birth or code that was said"),
        required=False,
        max_length=30,
        help_text=_("As it stands on the paper; it is compared now."),
    )
    # Of an order that costs the patient something.
    paid = forms.ChoiceField(
        label=_("How did the patient pay?"),
        required=False,
        choices=[("", "—"), ("cash", _("In cash")), ("qris", _("By QRIS"))],
    )
    paper_number = forms.CharField(
        label=_("Number of the paper receipt"),
        required=False,
        max_length=20,
        help_text=_("From the block of receipts that the rider carries."),
    )
    paid_reference = forms.CharField(
        label=_("Reference of the QRIS payment"), required=False, max_length=REFERENCE_MAX
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(
        self, *args: object, riders: Mapping[str, Rider], zone: str, pays: bool, **more: object
    ) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Form's own arguments
        self._riders, self._zone, self._pays = riders, ZoneInfo(zone), pays
        if not pays:
            for name in PAYING:
                del self.fields[name]
        choices: dict[str, list[tuple[object, object]]] = {
            "rider": [
                (number, f"{r.user.full_name}, {r.organisation}") for number, r in riders.items()
            ],
            "outcome": [
                (DELIVERED, _("Handed over")),
                *((failure.value, _(failure.sentence)) for failure in Failure),
            ],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "—"), *offered]

    def clean(self) -> dict[str, object]:
        """Who received it is needed only where somebody did."""
        typed = super().clean() or self.cleaned_data
        if typed.get("outcome") == DELIVERED:
            for name in ("bag_codes", "receiver", "relation", "factor"):
                if not typed.get(name):
                    self.add_error(name, _("This is needed."))
            if self._pays:
                self._clean_payment(typed)
        return typed

    def _clean_payment(self, typed: dict[str, object]) -> None:
        needed = {"cash": "paper_number", "qris": "paid_reference"}
        name = needed.get(str(typed.get("paid") or ""), "paid")
        if not typed.get(name):
            self.add_error(name, _("This is needed."))

    def told(self) -> OnPaper:
        """What the paper says."""
        typed = self.cleaned_data
        failed = typed["outcome"] != DELIVERED
        return OnPaper(
            rider=self._riders[typed["rider"]],
            fetched_at=self._here(typed["fetched_at"]),
            at=self._here(typed["at"]),
            bag_codes=typed["bag_codes"],
            receiver=typed["receiver"],
            relation=typed["relation"],
            factor=typed["factor"],
            paid=typed.get("paid", ""),
            paid_reference=typed.get("paid_reference", ""),
            paper_number=typed.get("paper_number", "").strip().upper(),
            failure=Failure(typed["outcome"]) if failed else None,
            note=typed["note"],
        )

    def _here(self, typed: datetime) -> datetime:
        # Papers tell the hour of the place where they were written.
        return typed.replace(tzinfo=self._zone)
