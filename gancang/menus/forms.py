"""What a seller writes of a dish, its options, its photo and the headings of a menu."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.menus.models import Dish
from gancang.menus.queries import sections_of
from gancang.menus.searching import Asked
from gancang.menus.writing import ChoiceTerms, DishTerms
from gancang.regions.models import Organisation
from gancang.regions.queries import find_villages
from gancang.values import in_words, read_rupiah
from gancang.web.fields import Rupiah
from gancang.web.photos import PHOTO_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict

    from gancang.menus.models import OptionGroup
    from gancang.regions.models import Region, Village

CHOICES_MOST = 20
A_CHOICE = re.compile(r"(?P<name>[^+]{1,60}?)\s*(?:\+\s*(?P<extra>[^+]+))?")


class DishForm(forms.Form):
    """A dish; a shop says of its goods what it takes to carry them."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    price_rp = Rupiah(_("Price in rupiah"), most=100_000_000)
    section = forms.ChoiceField(label=_("Section of the menu"), required=False)
    description = forms.CharField(
        label=_("What is in it"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("In a few words: what it tastes like, how large it is"),
    )
    prepares_minutes = forms.IntegerField(
        label=_("Minutes to make it"),
        min_value=0,
        max_value=240,
        required=False,
        help_text=_("Only where it takes longer or shorter than usual"),
    )
    stock = forms.IntegerField(
        label=_("How many there are"),
        min_value=0,
        max_value=99_999,
        required=False,
        help_text=_("Leave it empty if you do not count"),
    )
    # What the page showed: left alone, the count stays what it is by now.
    stock_shown = forms.CharField(required=False, widget=forms.HiddenInput, max_length=6)
    weight_g = forms.IntegerField(
        label=_("Weight in grams, packed"), min_value=1, max_value=100_000, required=False
    )
    size = forms.ChoiceField(
        label=_("Size"),
        choices=[
            (Dish.Size.SMALL, _("fits into a bag with others")),
            (Dish.Size.LARGE, _("a box of its own")),
            (Dish.Size.BULKY, _("fills a motorcycle")),
        ],
        required=False,
    )
    is_fragile = forms.BooleanField(label=_("Breaks easily"), required=False)

    def __init__(self, *args: Any, seller: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in ("section", "description", "prepares_minutes", "stock"):
            self.fields[each].needed = True  # type: ignore[attr-defined]  # nobody has to know it
        sections: Any = self.fields["section"]
        headings = [(str(each.pk), each.name) for each in sections_of(seller)]
        sections.choices = [("", _("None")), *headings]
        if not headings:
            del self.fields["section"]
        if seller.kind == Organisation.Kind.KITCHEN:
            for each in ("weight_g", "size", "is_fragile"):
                del self.fields[each]
        else:
            del self.fields["prepares_minutes"]

    def clean_price_rp(self) -> int:
        """What is sold costs something."""
        rupiah: int = self.cleaned_data["price_rp"]
        if not rupiah:
            raise forms.ValidationError(_("Write down what it costs."))
        return rupiah

    def terms(self) -> DishTerms:
        """The dish as it was written down."""
        told = dict(self.cleaned_data)
        shown = told.pop("stock_shown")
        told["section"] = int(told["section"]) if told.get("section") else None
        told["size"] = told.get("size") or Dish.Size.SMALL
        stock = told["stock"]
        keeps = "stock_shown" in self.data and shown == ("" if stock is None else str(stock))
        return DishTerms(**told, keeps_stock=keeps)


def shown_of(dish: Dish) -> dict[str, object]:
    """A dish as its form shows it first."""
    names = ("name", "price_rp", "description", "prepares_minutes", "stock", "weight_g", "size")
    told = {name: getattr(dish, name) for name in names}
    counted = "" if dish.stock is None else str(dish.stock)
    rest = {"is_fragile": dish.is_fragile, "section": dish.section_id, "stock_shown": counted}
    return {**told, **rest}


class PhotoForm(forms.Form):
    """How a dish looks."""

    photo = forms.FileField(
        label=_("Photo"),
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("Taken by daylight, from above. JPEG, PNG or WebP."),
    )

    def clean_photo(self) -> UploadedFile[Any]:
        """A huge file is refused unread."""
        sent: UploadedFile[Any] = self.cleaned_data["photo"]
        if (sent.size or 0) > PHOTO_BYTES_MAX:
            told = _("The photo is larger than %(most)s MB. Send it in a smaller size.")
            raise forms.ValidationError(told, params={"most": PHOTO_BYTES_MAX // 2**20})
        return sent


class GroupForm(forms.Form):
    """A question that a dish asks, an answer a line."""

    name = forms.CharField(
        label=_("What is asked"), max_length=60, help_text=_("As: how hot, which rice")
    )
    choices = forms.CharField(
        label=_("Answers, one a line"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What costs more, with its price: Telur + 3000"),
    )
    most = forms.IntegerField(
        label=_("How many answers at most"), min_value=1, max_value=CHOICES_MOST, initial=1
    )
    is_asked = forms.BooleanField(label=_("Must be answered"), required=False)

    def clean_choices(self) -> tuple[ChoiceTerms, ...]:
        """The answers, each once, with what it costs more."""
        lines = [each.strip() for each in self.cleaned_data["choices"].splitlines()]
        told = tuple(_choice(each) for each in lines if each)
        if len(told) > CHOICES_MOST:
            raise forms.ValidationError(
                _("%(most)s answers at most."), params={"most": CHOICES_MOST}
            )
        if len({each.name.lower() for each in told}) < len(told):
            raise forms.ValidationError(_("An answer stands there twice."))
        return told

    def clean(self) -> dict[str, Any]:
        """More answers than there are cannot be chosen."""
        cleaned = super().clean() or {}
        if "choices" in cleaned and cleaned.get("most"):
            cleaned["most"] = min(cleaned["most"], len(cleaned["choices"]))
        return cleaned


def _choice(line: str) -> ChoiceTerms:
    found = A_CHOICE.fullmatch(line)
    extra = 0 if found is None or found["extra"] is None else read_rupiah(found["extra"])
    if found is None or extra is None or extra > 10_000_000:
        raise forms.ValidationError(
            _("“%(line)s” is not understood. Write: Telur + 3000"), params={"line": line[:80]}
        )
    return ChoiceTerms(name=found["name"].strip(), extra_rp=extra)


def lines_of(group: OptionGroup) -> dict[str, object]:
    """An option group as its form shows it first."""
    lines = [
        f"{each.name} + {in_words(each.extra_rp)[3:]}" if each.extra_rp else each.name
        for each in group.choices.order_by("position", "pk")
    ]
    told = {"name": group.name, "most": group.most, "is_asked": group.least > 0}
    return {**told, "choices": "\n".join(lines)}


class SectionForm(forms.Form):
    """A heading."""

    name = forms.CharField(label=_("Name of the section"), max_length=60)


class SearchForm(forms.Form):
    """What somebody craves, and where. Whatever is typed wrongly is as if it were not typed."""

    q = forms.CharField(
        label=_("What do you crave?"),
        max_length=100,
        required=False,
        strip=True,
        widget=forms.TextInput({"type": "search", "placeholder": "rujak soto"}),
    )
    desa = forms.CharField(label=_("Near which village?"), required=False, max_length=20)
    buka = forms.BooleanField(label=_("Open now"), required=False)
    halal = forms.BooleanField(label=_("Halal certificate"), required=False)
    jenis = forms.ChoiceField(
        required=False,
        label=_("Kind"),
        choices=[("", _("All")), ("kitchen", _("Food")), ("shop", _("Goods"))],
    )
    daerah = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    hal = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=500)

    def __init__(self, told: QueryDict, *, regions: Sequence[Region]) -> None:
        super().__init__(told)
        self.regions = regions
        self.unknown_village = ""
        self.is_valid()
        for field in self.fields.values():
            field.needed = True  # type: ignore[attr-defined]  # nobody has to say any of it

    def region(self) -> Region | None:
        """The region that is looked at: the one named, or the only one there is."""
        named = self.cleaned_data.get("daerah", "")
        chosen = [each for each in self.regions if each.slug == named]
        found = chosen or self.regions
        return found[0] if len(found) == 1 else None

    def asked(self, region: Region) -> Asked:
        """What is looked for there."""
        told = self.cleaned_data
        village = self._village(region, told.get("desa", ""))
        return Asked(
            typed=told.get("q", "").strip(),
            village=village,
            kind=told.get("jenis", ""),
            only_open=told.get("buka", False),
            only_halal=told.get("halal", False),
            page=told.get("hal") or 1,
        )

    def _village(self, region: Region, typed: str) -> Village | None:
        if not typed.strip():
            return None
        found = find_villages(region, typed, most=1)
        if not found:
            self.unknown_village = typed.strip()
            return None
        return found[0]

    def address(self, *, page: int) -> str:
        """The same question, of another page."""
        told = {name: value for name, value in self.data.items() if name != "hal" and value}
        return "?" + urlencode({**told, "hal": page})
