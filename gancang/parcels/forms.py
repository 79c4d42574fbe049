"""What a sender types, and what is shown at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.cash.rules import REFERENCE_MAX
from gancang.orders.evidence import SIGNATURE_MAX, device_time, seconds_off
from gancang.orders.forms import BagCodes
from gancang.parcels.actions import Draft
from gancang.parcels.handing_over import AtTheDoor
from gancang.parcels.rules import BAGS_MAX, FACTORS, LEVELS, RELATIONS, Why
from gancang.regions.queries import village_meant
from gancang.residents.actions import Particulars
from gancang.residents.forms import Day, PhoneNumber
from gancang.residents.rules import Why as Unclear
from gancang.residents.rules import why_not_nik
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.programmes.models import Programme
    from gancang.programmes.rules import Terms
    from gancang.regions.models import Village

NEEDED_OF_A_NEWCOMER = ("full_name", "village", "address")


class DeliveryForm(forms.Form):
    """A delivery: of which programme, what, to whom."""

    person = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    programme = forms.ChoiceField(label=_("Programme"))
    contents = forms.CharField(
        label=_("What is brought?"),
        max_length=300,
        help_text=_("Only the sender and who receives it read this; the rider does not."),
    )
    note = forms.CharField(
        label=_("For the rider"),
        required=False,
        max_length=200,
        help_text=_("What to mind: do not bend, keep dry, ring first"),
    )
    full_name = forms.CharField(label=_("Name"), required=False, max_length=120)
    nik = forms.CharField(
        label=_("NIK"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    birth_date = Day(label=_("Date of birth"), required=False, help_text=_("Like 09-03-1951"))
    phone = PhoneNumber(label=_("Phone"), required=False, max_length=30)
    village = forms.CharField(
        label=_("Village"),
        required=False,
        max_length=120,
        help_text=_("As it is called, with the kecamatan behind it if the name is common"),
        widget=forms.TextInput(attrs={"list": "villages", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=200,
        help_text=_("Hamlet, RT/RW, street and number"),
    )
    landmark = forms.CharField(label=_("Landmark"), required=False, max_length=200)
    accepts_rp = forms.IntegerField(
        label=_("Price that the receiver has accepted"),
        required=False,
        min_value=0,
        max_value=10**7,
        help_text=_("In rupiah, only where it is not free"),
    )
    goods_rp = forms.IntegerField(
        label=_("To be paid at the door for the goods"),
        required=False,
        min_value=0,
        max_value=10**7,
        help_text=_("In rupiah, beside the fare. You get it with the month's payments."),
    )
    confirmed = forms.BooleanField(
        label=_("Address and phone read back to the receiver"), required=False
    )

    def __init__(
        self,
        *args: Any,
        programmes: Sequence[Programme],
        villages: Mapping[str, Village],
        known: bool,
        sells: bool,
        **kwargs: Any,
    ) -> None:
        """`known`: somebody was chosen, so nobody need be written down. `sells`: for money."""
        super().__init__(*args, **kwargs)
        self.programmes = {row.code: row for row in programmes}
        self.villages, self.known = villages, known
        self.meant: Village | None = None
        choice = self.fields["programme"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(row.code, row.name) for row in programmes]
        if not sells:
            del self.fields["goods_rp"]
        if known:
            for name in (*NEEDED_OF_A_NEWCOMER, "nik", "birth_date", "phone", "landmark"):
                del self.fields[name]
        for name in NEEDED_OF_A_NEWCOMER:
            if name in self.fields:
                self.fields[name].needed = True  # type: ignore[attr-defined]  # read by field.html

    def clean_nik(self) -> str:
        """The digits, or the reason why they are none of a NIK."""
        nik = str(self.cleaned_data["nik"]).replace(" ", "")
        if nik and (why := why_not_nik(nik)):
            raise forms.ValidationError(sentence_of(Refused(why)))
        return nik

    def clean(self) -> None:
        """Of somebody new name, village and address are needed."""
        if self.known:
            return
        for name in NEEDED_OF_A_NEWCOMER:
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, sentence_of(Refused(Why.NOBODY_CHOSEN)))
        typed = self.cleaned_data.get("village", "")
        self.meant = village_meant(self.villages, typed) if typed else None
        if typed and self.meant is None:
            self.add_error("village", sentence_of(Refused(Unclear.NO_CLEAR_VILLAGE)))

    def draft(self) -> Draft:
        """What was told, once all of it is clean."""
        typed = self.cleaned_data
        return Draft(
            programme=self.programmes[typed["programme"]],
            contents=typed["contents"],
            note=typed["note"],
            person=typed["person"] if self.known else None,
            newcomer=None if self.known else self._newcomer(),
            confirmed=typed["confirmed"],
            accepts_rp=typed["accepts_rp"] or 0,
            goods_rp=typed.get("goods_rp") or 0,
        )

    def _newcomer(self) -> Particulars:
        typed = self.cleaned_data
        assert self.meant is not None, "clean() has seen to it"
        return Particulars(
            full_name=typed["full_name"],
            village=self.meant,
            address=typed["address"],
            nik=typed["nik"],
            birth_date=typed["birth_date"],
            phone=typed["phone"],
            landmark=typed["landmark"],
        )


class ReadyForm(forms.Form):
    """It is packed: how many pieces, which label."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    pieces = forms.IntegerField(
        label=_("How many pieces?"), min_value=1, max_value=BAGS_MAX, initial=1
    )
    code = forms.CharField(
        label=_("Code on it"),
        required=False,
        max_length=20,
        help_text=_("Empty: the code of the order, written on it by hand"),
    )


class BackForm(forms.Form):
    """It is back; the order ends."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class HandOverForm(forms.Form):
    """Who receives it, and the proof: the one that is asked for, or one that may stand in."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    # Filled by the page's script, if it runs.
    device_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    signature = forms.CharField(
        required=False, max_length=SIGNATURE_MAX + 1, widget=forms.HiddenInput
    )
    bag_codes = BagCodes()
    left = forms.BooleanField(label=_("Nobody is here: I leave it at the door"), required=False)
    receiver = forms.CharField(label=_("Who receives it, or where was it left?"), max_length=120)
    relation = forms.ChoiceField(
        label=_("Who is that?"),
        required=False,
        choices=[(code, _(words)) for code, words in RELATIONS.items()],
        widget=forms.RadioSelect,
    )
    level = forms.ChoiceField(label=_("Proof"), required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why not the first of these?"), required=False, max_length=200)
    factor = forms.CharField(
        label=_("Code, or date of birth"),
        required=False,
        max_length=30,
        help_text=_("Ask for it; do not read it out."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    witness = forms.CharField(label=_("Name of the witness"), required=False, max_length=120)
    office = forms.CharField(
        label=_("Office of the witness"),
        required=False,
        max_length=80,
        help_text=_("Head of RT or RW, health cadre, village office …"),
    )
    photo_consent = forms.BooleanField(
        label=_("The receiver agrees that a photo is taken"), required=False
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    paid = forms.ChoiceField(
        label=_("How was it paid?"),
        required=False,
        choices=[("cash", _("In cash")), ("qris", _("By QRIS"))],
        widget=forms.RadioSelect,
    )
    paid_reference = forms.CharField(
        label=_("Reference of the QRIS payment"), max_length=REFERENCE_MAX, required=False
    )

    def __init__(self, *args: Any, terms: Terms, levels: Sequence[str], **kwargs: Any) -> None:
        """`levels`: the proofs of the programme, the required one first."""
        super().__init__(*args, **kwargs)
        choice = self.fields["level"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(level, _(LEVELS[level])) for level in levels]
        choice.initial = levels[0]
        if not terms.may_be_left:
            del self.fields["left"]
        if not {"witness"} & set(levels):
            del self.fields["witness"], self.fields["office"]
        if not FACTORS & set(levels):
            del self.fields["factor"]
        elif "card" in levels:
            self.fields["factor"].label = _("Code, date of birth, or code of the card")
            scan = {"data-scan": _("Scan with the camera"), "data-stop": _("Stop the camera")}
            self.fields["factor"].widget.attrs |= {**scan, "inputmode": "text"}
        if len(levels) == 1:
            del self.fields["reason"]

    def told(self, *, now: datetime) -> AtTheDoor:
        """What was shown, by the device's clock where it told its time."""
        typed = self.cleaned_data
        device = device_time(typed["device_at"])
        return AtTheDoor(
            bag_codes=typed["bag_codes"],
            receiver=typed["receiver"],
            relation=typed["relation"],
            level=typed["level"],
            factor=typed.get("factor", ""),
            at=device or now,
            clock_off_s=seconds_off(device, now) if device else None,
            lat=typed["lat"],
            lon=typed["lon"],
            signature=typed["signature"],
            photo=typed["photo"].read() if typed["photo"] else b"",
            photo_consent=typed["photo_consent"],
            witness=typed.get("witness", ""),
            office=typed.get("office", ""),
            reason=typed.get("reason", ""),
            left=bool(self.data.get("left")),
            paid=typed["paid"],
            paid_reference=typed["paid_reference"],
        )
