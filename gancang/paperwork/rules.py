"""What may be keyed in of a day on paper. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from datetime import datetime


class Why(Reason):
    """Refusals of this capability."""

    NOT_YET_OUT = (
        "not_yet_out",
        N_("Order {order} was not released; what a pharmacist has not checked did not leave."),
    )
    AHEAD = "ahead", N_("This time lies in the future.")
    BEFORE_RELEASE = (
        "before_release",
        N_("This is before {order} was released; compare the day and the hour on the paper."),
    )
    NOT_IN_ORDER = "not_in_order", N_("The bag was handed over before it was fetched, says this.")
    NO_PRINTER = (
        "no_printer",
        N_("No label printer is named for {house}; print the PDF, or ask the regency's office."),
    )
    NOT_PRINTED = (
        "not_printed",
        N_("The label printer does not answer. Is it on, and has it paper? Or print the PDF."),
    )
    NOTHING_TO_PRINT = "nothing_to_print", N_("There is no bag to print a label for.")


def why_not_then(
    fetched_at: datetime, at: datetime, *, released_at: datetime | None, now: datetime
) -> Why | None:
    """Why a bag cannot have been fetched and handed over (or not) at these times."""
    if fetched_at > now or at > now:
        return Why.AHEAD
    if at < fetched_at:
        return Why.NOT_IN_ORDER
    # Papers tell minutes: the release may be some seconds younger than "the same minute".
    if released_at is not None and fetched_at < released_at.replace(second=0, microsecond=0):
        return Why.BEFORE_RELEASE
    return None
