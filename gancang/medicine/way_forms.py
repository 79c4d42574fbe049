"""What a clerk types at a counter on the way, and of the post."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.cash.rules import REFERENCE_MAX
from gancang.medicine.posting import Arrival, Parcel
from gancang.medicine.rules import RELATIONS
from gancang.orders.forms import BagCodes
from gancang.orders.lifecycle import Failure
from gancang.values import Money
from gancang.web.fields import Rupiah, moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.fleet.models import Rider
    from gancang.regions.models import Organisation

CAME_BACK = (
    Failure.NOBODY_HOME,
    Failure.REFUSED,
    Failure.ADDRESS_WRONG,
    Failure.MOVED,
    Failure.DECEASED,
)


class GiveToForm(forms.Form):
    """To which rider the clerk gives a bag, and its codes."""

    rider = forms.ChoiceField(label=_("Which rider?"))
    bag_codes = BagCodes()

    def __init__(self, *args: object, riders: Sequence[Rider], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Form's own arguments
        self._riders = {str(rider.pk): rider for rider in riders}
        field = self.fields["rider"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "—"),
            *((n, f"{r.user.full_name}, {r.organisation}") for n, r in self._riders.items()),
        ]

    def chosen(self) -> Rider:
        """The rider."""
        return self._riders[self.cleaned_data["rider"]]


class PostForm(forms.Form):
    """What stands on the slip of the post."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    fleet = forms.ChoiceField(label=_("Handed to"))
    bag_codes = BagCodes()
    number = forms.CharField(
        label=_("Consignment number"),
        max_length=REFERENCE_MAX,
        min_length=4,
        help_text=_("As it stands on the slip of the post; with it the parcel is found."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    cost_rp = Rupiah(_("Cost on the slip, in rupiah"), most=10**9)
    paid = forms.ChoiceField(
        label=_("How did the patient pay?"),
        choices=[("cash", _("In cash")), ("qris", _("By QRIS"))],
        widget=forms.RadioSelect,
    )
    paid_reference = forms.CharField(
        label=_("Reference of the QRIS payment"), max_length=REFERENCE_MAX, required=False
    )

    def __init__(
        self, *args: object, fleets: Sequence[Organisation], pays: bool, **more: object
    ) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Form's own arguments
        self._fleets = {fleet.code: fleet for fleet in fleets}
        field = self.fields["fleet"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, fleet.name) for code, fleet in self._fleets.items()]
        if not pays:
            del self.fields["paid"], self.fields["paid_reference"]

    def told(self) -> Parcel:
        """The slip."""
        typed = self.cleaned_data
        return Parcel(
            fleet=self._fleets[typed["fleet"]],
            number=typed["number"],
            cost=Money(typed["cost_rp"]),
            bag_codes=typed["bag_codes"],
            paid=typed.get("paid", ""),
            paid_reference=typed.get("paid_reference", ""),
        )


class ArrivedForm(forms.Form):
    """Who has the parcel, since when, and by what that is known."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    receiver = forms.CharField(label=_("Who received it?"), max_length=120)
    relation = forms.ChoiceField(
        label=_("Who is that?"),
        choices=[(code, _(words)) for code, words in RELATIONS.items()],
        widget=forms.RadioSelect,
    )
    at = moment(_("When?"))
    factor = forms.CharField(
        label=_("Date of birth or code of the patient"),
        max_length=30,
        help_text=_("Ask for it on the telephone; do not read it out."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def __init__(self, *args: object, zone: str, now: datetime, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Form's own arguments
        self._zone, self._now = ZoneInfo(zone), now

    def clean_at(self) -> datetime:
        """By the clock of the place; not in the future."""
        at: datetime = self.cleaned_data["at"].replace(tzinfo=self._zone)
        if at > self._now:
            raise forms.ValidationError(_("This time lies in the future."))
        return at

    def told(self) -> Arrival:
        """What was said."""
        typed = self.cleaned_data
        return Arrival(
            receiver=typed["receiver"],
            relation=typed["relation"],
            factor=typed["factor"],
            at=typed["at"],
        )


class CameBackForm(forms.Form):
    """Why the post brings it back."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("What does the post say?"),
        choices=[(failure.value, _(failure.sentence)) for failure in CAME_BACK],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
