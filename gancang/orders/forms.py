"""What all forms about an order have in common: they speak of the version that was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.orders.lifecycle import Why
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django import forms

    from gancang.orders.models import Order
    from gancang.values import Refused


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
