"""What riders and operators may type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.orders.evidence import device_time, seconds_off
from gancang.orders.failing import Visit
from gancang.orders.forms import BagCodes
from gancang.orders.lifecycle import Failure, Incident

if TYPE_CHECKING:
    from datetime import datetime

NOTHING = "-"  # no policy is named so


class CollectForm(forms.Form):
    """The code on each bag, scanned or typed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    bag_code = BagCodes()


class FailForm(forms.Form):
    """Why it was not handed over, and where the bag goes now."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    device_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("What happened?"),
        choices=[(failure.value, _(failure.sentence)) for failure in Failure],
        widget=forms.RadioSelect,
    )
    incident = forms.ChoiceField(
        label=_("If something happened to you or the bag: what?"),
        choices=[("", _("nothing of the kind"))]
        + [(incident.value, _(incident.sentence)) for incident in Incident],
        required=False,
        widget=forms.RadioSelect,
    )
    counter = forms.ChoiceField(label=_("Where do you bring the bag?"), required=False)
    note = forms.CharField(
        label=_("A note for the pharmacy"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: object, counters: list[tuple[str, str]], pharmacy: str, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments
        field = self.fields["counter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", pharmacy), *counters]
        field.needed = True  # type: ignore[attr-defined]  # the empty choice is the pharmacy

    def told(self, *, now: datetime) -> Visit:
        """The visit, by the device's clock where it told its time."""
        typed = self.cleaned_data
        reason = Failure(typed["reason"])
        device = device_time(typed["device_at"])
        happened = typed["incident"] if reason is Failure.RIDER_INCIDENT else ""
        return Visit(
            reason=reason,
            note=typed["note"],
            incident=Incident(happened) if happened else None,
            counter=typed["counter"],
            at=device,
            clock_off_s=seconds_off(device, now) if device else None,
        )


class HandForm(forms.Form):
    """The operator names a rider."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    rider = forms.ChoiceField(label=_("Rider"))
    reason = forms.CharField(
        label=_("Why by hand?"),
        max_length=200,
        help_text=_("Kept with the order for ever, for the fleets to see."),
    )
    despite = forms.BooleanField(
        label=_("Assign all the same"),
        required=False,
        help_text=_("Helps only where the rule leaves it to you, and is kept with your reason."),
    )

    def __init__(self, *args: object, riders: list[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments
        self.offer(riders)

    def offer(self, riders: list[tuple[int, str]]) -> None:
        """Show these riders, and understand no others from now on."""
        field = self.fields["rider"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = riders


class CancelForm(forms.Form):
    """Calling an order off."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why?"), max_length=200)


class RecallForm(forms.Form):
    """Why a bag is recalled."""

    why = forms.CharField(
        label=_("What is wrong?"),
        max_length=1000,
        help_text=_("How it was found out, and by whom. The rider does not see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    other = forms.CharField(
        label=_("Whose bag is it?"),
        max_length=20,
        required=False,
        help_text=_("The code of the other order, if it is known: it is stopped too."),
    )


DEEDS = {
    "tell": _("Tell the patient by message that it comes later"),
    "take_back": _("Take it from its rider: another is asked, or the bag comes back"),
    "take_all": _("Take everything from its rider"),
    "stop": _("Stop the order; nothing moves"),
    "let_go": _("Let the stopped order go on"),
}


class RemedyForm(forms.Form):
    """What the operator does about an order at risk."""

    deed = forms.ChoiceField(
        label=_("What is to be done?"), choices=list(DEEDS.items()), widget=forms.RadioSelect
    )
    why = forms.CharField(
        label=_("Why?"),
        max_length=200,
        required=False,
        help_text=_("The rider reads it, where something is stopped or taken from him."),
    )


class ShadowForm(forms.Form):
    """What is to be tried in the shadow of the running planner; nothing stops it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    tried = forms.ChoiceField(label=_("Try in the shadow"))

    def __init__(self, *args: object, planners: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments
        field = self.fields["tried"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(NOTHING, _("nothing")), *planners]

    def chosen(self) -> tuple[str, str] | None:
        """The policy and the engine, or None to stop."""
        tried: str = self.cleaned_data["tried"]
        policy, _slash, engine = tried.partition("/")
        return None if tried == NOTHING else (policy, engine)


class SeenForm(forms.Form):
    """A deed without words: it speaks of the planning that was seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
