"""Which roads a decree closes, as an operator types it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.maps.actions import Decree
from gancang.maps.closed import AREA, CIRCLE, WAY, Shape, points_from
from gancang.maps.rules import Cause, Why
from gancang.values import Refused
from gancang.web.fields import moment
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from datetime import datetime

# Where a refusal of the deed stands on the page; all others stand at the points.
FIELDS = {
    Why.BEFORE_IT_BEGINS: "until",
    Why.NO_RADIUS: "radius_m",
    Why.NO_ROADS_LOADED: None,
}


class DecreeForm(forms.Form):
    """Which roads, from when, until when, why, and by which decree."""

    kind = forms.ChoiceField(
        label=_("What is closed?"),
        choices=[
            (CIRCLE, _("All roads around a point")),
            (AREA, _("All roads within a box or an area")),
            (WAY, _("The way between two points")),
        ],
    )
    points = forms.CharField(
        label=_("Points"),
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One a line: latitude, longitude. A circle: its middle. A way: both ends. "
            "A box: two opposite corners. An area: its corners in order."
        ),
    )
    radius_m = forms.IntegerField(
        label=_("Metres around the point"), required=False, min_value=0, max_value=10**6
    )
    since = moment(_("From"), required=False, help_text=_("Empty: from now on"))
    until = moment(_("Until"), required=False, help_text=_("Empty: until further notice"))
    cause = forms.ChoiceField(
        label=_("Why?"), choices=[(each.value, _(each.sentence)) for each in Cause]
    )
    decree = forms.CharField(label=_("Number of the decree"), max_length=80)
    decree_on = forms.DateField(
        label=_("Day of the decree"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
    )
    motorcycles_pass = forms.BooleanField(label=_("Motorcycles may pass"), required=False)

    def __init__(self, *args: object, zone: str, now: datetime, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Form's own arguments
        self._zone, self._now = ZoneInfo(zone), now

    def told(self) -> Decree:
        """What is closed. Times are those of the place. Refused where points are none."""
        typed = self.cleaned_data
        shape = Shape(
            typed["kind"],
            points_from(typed["points"], typed["kind"]),
            (typed["radius_m"] or 0) if typed["kind"] == CIRCLE else 0,
        )
        return Decree(
            shape=shape,
            since=self._here(typed["since"]) or self._now,
            until=self._here(typed["until"]),
            cause=typed["cause"],
            number=typed["decree"].strip(),
            on=typed["decree_on"],
            motorcycles_pass=typed["motorcycles_pass"],
        )

    def refuse(self, refusal: Refused) -> None:
        """Say at the field that it is about why nothing was closed."""
        field = FIELDS.get(Why(refusal.reason), "points")
        self.add_error(field, sentence_of(refusal))

    def _here(self, typed: datetime | None) -> datetime | None:
        return typed.replace(tzinfo=self._zone) if typed else None
