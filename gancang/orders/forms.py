"""What all forms about an order have in common: they speak of the version that was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from gancang.orders.lifecycle import Why
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from gancang.values import Refused


class BagCodes(forms.CharField):
    """The codes on the bags: typed, or scanned where the browser can (`orders/scan.js`)."""

    def __init__(self) -> None:
        words = {"data-scan": _("Scan with the camera"), "data-stop": _("Stop the camera")}
        plain = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(
            label=_("Code on the bag"),
            max_length=400,
            help_text=_("Several bags: every code, with a space between."),
            widget=forms.TextInput(attrs={**plain, **words}),
        )


def tell(form: forms.Form, refusal: Refused, order: Order) -> None:
    """Show a refusal in the form, with all that was typed.

    Where the order had changed meanwhile the form now speaks of what its reader is shown, so
    that the same words can be sent again.
    """
    form.add_error(None, sentence_of(refusal))
    if refusal.reason is Why.CHANGED_MEANWHILE:
        order.refresh_from_db()
        data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, in every page
        data["version"] = str(order.version)
        form.data = data
