"""What is switched off, and by which way an order goes instead."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.reach.actions import Told
from gancang.reach.closing import Because
from gancang.web.fields import moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.dispatch.rerouting import Option
    from gancang.reach.rules import Way
    from gancang.regions.models import Organisation


class ClosureForm(forms.Form):
    """A fleet or a way, where, from when, until when, why."""

    what = forms.ChoiceField(label=_("What is switched off?"))
    place = forms.ChoiceField(label=_("Where?"), required=False)
    since = moment(_("From"), required=False, help_text=_("Empty: from now on"))
    until = moment(
        _("Until"), required=False, help_text=_("Empty: until somebody switches it on again")
    )
    because = forms.ChoiceField(
        label=_("Why?"), choices=[(each.value, _(each.sentence)) for each in Because]
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        help_text=_("Who told it, the bridge, the number of the letter"),
    )

    def __init__(
        self,
        *args: object,
        fleets: Sequence[Organisation],
        ways: Sequence[Way],
        places: Sequence[tuple[str, str]],
        zone: str,
        now: datetime,
        **more: object,
    ) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Form's own arguments
        self._fleets = {fleet.code: fleet for fleet in fleets}
        self._zone, self._now = ZoneInfo(zone), now
        what: list[tuple[object, object]] = [("", "—")]
        what += [(_("Fleets"), [(f"fleet:{f.code}", f.name) for f in fleets])]
        if ways:
            what += [(_("Ways"), [(f"way:{way.code}", way.title) for way in ways])]
        chosen: dict[str, list[tuple[object, object]]] = {
            "what": what,
            "place": [("", _("Everywhere")), *places],
        }
        for name, offered in chosen.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered

    def told(self) -> Told:
        """What is switched off. Times are those of the place."""
        typed = self.cleaned_data
        kind, _colon, code = typed["what"].partition(":")
        return Told(
            fleet=self._fleets[code] if kind == "fleet" else None,
            way=code if kind == "way" else "",
            place=typed["place"],
            since=self._here(typed["since"]) or self._now,
            until=self._here(typed["until"]),
            because=typed["because"],
            note=typed["note"],
        )

    def _here(self, typed: datetime | None) -> datetime | None:
        return typed.replace(tzinfo=self._zone) if typed else None


class WayForm(forms.Form):
    """By which way an order goes from now on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=_("By which way?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the ways.")},
    )

    def __init__(self, *args: object, options: Sequence[Option], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Form's own arguments
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.key, each.answer.way.title) for each in options]
