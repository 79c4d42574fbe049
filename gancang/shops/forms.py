"""What is typed of shops: at the desk, by owners, by officers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gancang.addresses.forms import PinForm
from gancang.regions.models import Organisation
from gancang.regions.queries import find_clear_village
from gancang.residents.forms import Day, PhoneNumber
from gancang.shops.joining import Asked
from gancang.shops.keeping import WEEKDAYS
from gancang.shops.opening import Span
from gancang.shops.overseeing import Found
from gancang.shops.paper_rules import Typed
from gancang.shops.rules import RESULTS
from gancang.values import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.regions.models import Region, Village
    from gancang.shops.paper_rules import Kind

KINDS = [
    (Organisation.Kind.KITCHEN.value, _("a kitchen: it cooks")),
    (Organisation.Kind.SHOP.value, _("a shop: it sells goods")),
]
SPANS_A_DAY = 2


def _clock(label: Any, *, required: bool = False) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M"],
    )


def _words(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=400, required=required, widget=forms.Textarea(attrs={"rows": 3})
    )


def _photo(label: Any) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )


class ShopForm(PinForm):
    """A shop that wants to join."""

    kind = forms.ChoiceField(label=_("Kind of business"), choices=KINDS)
    name = forms.CharField(label=_("Name of the warung"), max_length=120)
    sells = forms.CharField(
        label=_("What it sells"), max_length=200, help_text=_("Like nasi tempong, rujak soto")
    )
    place = forms.CharField(
        label=_("Village"),
        max_length=120,
        help_text=_("As it is called, with the kecamatan behind it if the name is common"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("Address or landmark"),
        max_length=200,
        help_text=_("Like: in front of the mosque, the green house"),
    )
    owner_name = forms.CharField(label=_("Name of the owner"), max_length=120)
    days = forms.MultipleChoiceField(
        label=_("Open on"),
        choices=[(str(number), _(name)) for number, name in enumerate(WEEKDAYS)],
        initial=[str(number) for number in range(7)],
        widget=forms.CheckboxSelectMultiple,
    )
    opens = _clock(_("Opens at"), required=True)
    closes = _clock(_("Closes at"), required=True)
    field_order: tuple[str, ...] = (
        "kind",
        "name",
        "sells",
        "place",
        "address",
        "lat",
        "lon",
        "owner_name",
    )

    def __init__(self, *args: Any, region: Region, village: Village | None, **kwargs: Any) -> None:
        """`village`: where the desk stands that writes it down; None: it is typed."""
        super().__init__(*args, **kwargs)
        self.region, self.village = region, village
        if village:
            del self.fields["place"]

    def clean_place(self) -> Village:
        """The one village that is meant."""
        typed = self.cleaned_data["place"].replace("\0", "")
        found = find_clear_village(self.region, typed)
        if found is None:
            raise forms.ValidationError(
                _now("No village is clearly meant; write the kecamatan behind its name.")
            )
        return found

    def asked(self, *, phone: str, resident: int | None = None) -> Asked:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        return Asked(
            kind=typed["kind"],
            name=" ".join(typed["name"].split()),
            sells=typed["sells"],
            village=self.village or typed["place"],
            address=typed["address"],
            point=None if typed["lat"] is None else Point(typed["lat"], typed["lon"]),
            owner_name=typed["owner_name"],
            owner_phone=phone,
            resident=resident,
            spans=[Span(int(day), typed["opens"], typed["closes"]) for day in typed["days"]],
        )


class DeskForm(ShopForm):
    """The same at a desk, which may know the owner's NIK and has to know a phone."""

    nik = forms.CharField(
        label=_("NIK of the owner"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = PhoneNumber(label=_("Mobile of the owner"), max_length=30)


class KnockForm(forms.Form):
    """An owner without help: a mobile to which the code goes."""

    phone = PhoneNumber(label=_("Your mobile"), max_length=30)
    region = forms.ChoiceField(label=_("Regency"))

    def __init__(self, *args: Any, regions: Sequence[Region], **kwargs: Any) -> None:
        """`regions`: those of this house; where there is one alone it is not asked."""
        super().__init__(*args, **kwargs)
        self.regions = {region.code: region for region in regions}
        if len(regions) == 1:
            del self.fields["region"]
            return
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(region.code, region.name) for region in regions]

    def chosen(self) -> Region:
        """The regency that is meant."""
        code = self.cleaned_data.get("region") or next(iter(self.regions))
        return self.regions[code]


class OwnerForm(ShopForm):
    """What an owner tells without help, with the code of the letter."""

    code = forms.CharField(
        label=_("Code in the message"),
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    field_order = ("code", *ShopForm.field_order)


class PaperForm(forms.Form):
    """A paper of a shop."""

    kind = forms.ChoiceField(label=_("Paper"))
    number = forms.CharField(
        label=_("Number"), max_length=60, required=False, help_text=_("As it stands on the paper")
    )
    issued_on = Day(label=_("Issued on"), required=False, help_text=_("Like 09-03-2027"))
    expires_on = Day(
        label=_("Last day"),
        required=False,
        help_text=_("A P-IRT of 15 digits tells its year by itself"),
    )
    photo = _photo(_("Photo of the paper"))

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
        """`kinds`: what the region asks of this shop."""
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.code, kind.title) for kind in kinds]

    def typed(self) -> Typed:
        """What was typed, as it is judged."""
        told = self.cleaned_data
        return Typed(
            number=told["number"],
            issued_on=told["issued_on"],
            expires_on=told["expires_on"],
            photo=told["photo"].read() if told["photo"] else b"",
        )


class AssistForm(forms.Form):
    """Who helps until when, step by step."""

    helper = forms.CharField(label=_("Who helps"), max_length=80)
    until = Day(label=_("Until"), help_text=_("Like 09-03-2027"))
    steps = forms.CharField(
        label=_("Steps, one a line"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Like: make the NIB at the village office"),
    )

    def clean_steps(self) -> list[str]:
        """A line each, short enough to be read."""
        lines = [line.strip()[:120] for line in self.cleaned_data["steps"].splitlines()]
        steps = [line for line in lines if line][:20]
        if not steps:
            raise forms.ValidationError(_now("Write at least one step."))
        return steps


class NumberForm(forms.Form):
    """Which one of a list."""

    number = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)


class WhyForm(forms.Form):
    """Why something is decided."""

    why = _words(_("Why?"))


class SuspendForm(WhyForm):
    """Why a shop may not sell, and until when."""

    until = Day(label=_("Last day"), required=False, help_text=_("Empty: until somebody lifts it"))


class HearForm(forms.Form):
    """What becomes of an appeal, and why."""

    ends = forms.ChoiceField(
        label=_("Decision"),
        choices=[("no", _("the suspension stays")), ("yes", _("the suspension ends"))],
    )
    why = _words(_("Why?"))


class CheckForm(forms.Form):
    """What somebody found who looked at hygiene."""

    on = Day(label=_("Looked at on"), help_text=_("Like 09-03-2027"))
    result = forms.ChoiceField(
        label=_("Result"), choices=[(result.value, _(words)) for result, words in RESULTS.items()]
    )
    words = _words(_("What is to be mended"), required=False)
    next_on = Day(label=_("Next time"), required=False, help_text=_("Empty: by the region's rule"))
    photo = _photo(_("Photo"))

    def found(self) -> Found:
        """What was typed."""
        told = dict(self.cleaned_data)
        photo = told.pop("photo")
        return Found(**told, photo=photo.read() if photo else b"")


class HoursForm(forms.Form):
    """A week, two openings a day."""

    def __init__(self, *args: Any, spans: Sequence[Span], **kwargs: Any) -> None:
        """`spans`: the week as it is."""
        super().__init__(*args, **kwargs)
        for day, name in enumerate(WEEKDAYS):
            told = sorted((s for s in spans if s.weekday == day), key=lambda span: span.opens)
            for at in range(SPANS_A_DAY):
                span = told[at] if at < len(told) else None
                for part in ("opens", "closes"):
                    field = _clock(
                        f"{_now(name)}: {_now('opens' if part == 'opens' else 'closes')}"
                    )
                    field.initial = getattr(span, part) if span else None
                    self.fields[f"{part}_{day}_{at}"] = field

    def days(self) -> list[tuple[str, list[tuple[Any, Any]]]]:
        """The days with their fields, for the page."""
        return [
            (
                _now(name),
                [
                    (self[f"opens_{day}_{at}"], self[f"closes_{day}_{at}"])
                    for at in range(SPANS_A_DAY)
                ],
            )
            for day, name in enumerate(WEEKDAYS)
        ]

    def clean(self) -> dict[str, Any]:
        """Both ends of an opening, or neither."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        for day in range(7):
            for at in range(SPANS_A_DAY):
                ends = [told.get(f"{part}_{day}_{at}") for part in ("opens", "closes")]
                if any(ends) and not all(ends):
                    said = _now("Type from when until when, or neither.")
                    self.add_error(f"opens_{day}_{at}", said)
        return told

    def spans(self) -> list[Span]:
        """The week that was typed."""
        told = self.cleaned_data
        return [
            Span(day, told[f"opens_{day}_{at}"], told[f"closes_{day}_{at}"])
            for day in range(7)
            for at in range(SPANS_A_DAY)
            if told.get(f"opens_{day}_{at}") and told.get(f"closes_{day}_{at}")
        ]


class DaysOffForm(forms.Form):
    """From when until when a shop stays closed."""

    first = Day(label=_("First day"), help_text=_("Like 09-03-2027"))
    last = Day(label=_("Last day"), required=False, help_text=_("Empty: only the first day"))
    why = forms.CharField(label=_("Why?"), max_length=80, required=False)


class PreparesForm(forms.Form):
    """How long it takes here."""

    minutes = forms.IntegerField(
        label=_("Minutes to prepare"),
        min_value=1,
        max_value=240,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class KeeperForm(forms.Form):
    """One more person of a shop."""

    name = forms.CharField(label=_("Name"), max_length=120)
    phone = PhoneNumber(label=_("Mobile"), max_length=30)
