"""What a pharmacist ticks and types at the desk; desk.py judges it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.medicine.counselling import CHANNELS, TOLD_TO, TOPICS, Counselling
from gancang.medicine.desk import REVIEW_POINTS, Decided
from gancang.medicine.item_lines import ITEMS_MAX
from gancang.medicine.releasing import Bags

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS_MAX = 200


class ReviewForm(forms.Form):
    """The review, point by point, and the fate of each item."""

    points = forms.MultipleChoiceField(
        label=_("Checked and in order"),
        required=False,
        choices=[(code, _(words)) for code, words in REVIEW_POINTS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("Asked back"),
        required=False,
        max_length=500,
        help_text=_("Whom you asked, and what was answered; only the pharmacy sees it"),
    )
    compounded = forms.BooleanField(label=_("Mixed here (racikan)"), required=False)

    def decisions(self) -> list[Decided]:
        """What was chosen for each item, in order."""
        data: Mapping[str, str] = self.data
        found = []
        for line in range(1, ITEMS_MAX + 1):
            if kind := data.get(f"decide_{line}"):
                told = {
                    name: data.get(f"{name}_{line}", "").strip()[:WORDS_MAX]
                    for name in ("reason", "given", "owed")
                }
                found.append(Decided(line=line, kind=kind, **told))
        return found


class PrepareForm(forms.Form):
    """The medicine is put together."""

    compounded = forms.BooleanField(label=_("Mixed here (racikan)"), required=False)


class ReleaseForm(forms.Form):
    """The pharmacist's final check, counselling and bags."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    # The review, from whoever releases in one step.
    points = forms.MultipleChoiceField(
        required=False,
        choices=[(code, _(words)) for code, words in REVIEW_POINTS.items()],
        widget=forms.MultipleHiddenInput,
    )
    checked = forms.BooleanField(
        label=_("Final check done: right patient, right medicine, right amount"), required=False
    )
    topics = forms.MultipleChoiceField(
        label=_("Counselling: told and understood"),
        required=False,
        choices=[(code, _(words)) for code, words in TOPICS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    channel = forms.ChoiceField(
        label=_("How"), choices=[(code, _(words)) for code, words in CHANNELS.items()]
    )
    told_to = forms.ChoiceField(
        label=_("To whom"), choices=[(code, _(words)) for code, words in TOLD_TO.items()]
    )
    told_name = forms.CharField(
        label=_("Name of whoever was told"),
        required=False,
        max_length=120,
        help_text=_("Where it was not the patient"),
    )
    told_at = forms.TimeField(
        label=_("At what time"),
        required=False,
        help_text=_("Like 09:40; empty: now"),
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    bags = forms.IntegerField(label=_("Bags"), min_value=1, max_value=9, initial=1)
    bag_code = forms.CharField(
        label=_("Code on the bag"),
        required=False,
        max_length=20,
        help_text=_("Scan it; left empty, the order's own code is the bag's"),
    )
    seals = forms.CharField(
        label=_("Seal numbers"),
        required=False,
        max_length=200,
        help_text=_("One a bag, in order, a space between them"),
    )
    cold = forms.CharField(
        label=_("Cold bags"),
        required=False,
        max_length=20,
        help_text=_("Of several bags, which are cold: 2, or 1 3"),
    )

    def counselling(self, *, zone: str, now: datetime) -> Counselling:
        """What was told, by the region's clock; never in the future."""
        typed = self.cleaned_data
        at = None
        if typed["told_at"]:
            today = now.astimezone(ZoneInfo(zone))
            at = min(now, datetime.combine(today, typed["told_at"], today.tzinfo))
        return Counselling(
            channel=typed["channel"],
            told_to=typed["told_to"],
            topics=tuple(typed["topics"]),
            name=typed["told_name"].strip(),
            at=at,
        )

    def told_bags(self) -> Bags:
        """The bags with their seals and cold marks."""
        typed = self.cleaned_data
        return Bags(
            count=typed["bags"],
            code=typed["bag_code"],
            checked=typed["checked"],
            seals=tuple(typed["seals"].split()),
            cold=frozenset(int(place) for place in re.findall("[0-9]+", typed["cold"])),
        )


class FetchForm(forms.Form):
    """All of it is fetched at the counter."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class TakeBackForm(forms.Form):
    """The pharmacy has the bag again."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class OwedForm(forms.Form):
    """How something owed ended."""

    how = forms.ChoiceField(
        choices=[("counter", _("Given at the counter")), ("dropped", _("Not needed any more"))]
    )
    note = forms.CharField(required=False, max_length=200)
