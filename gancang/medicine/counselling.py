"""What a patient is told before the bag leaves: the points, how, to whom. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.medicine.rules import Why
from gancang.values import N_

if TYPE_CHECKING:
    from datetime import datetime

# The points of information that studies of pharmacies count (PIO): domain of counselling.
TOPICS = {
    "use": N_("How and when to take it"),
    "dose": N_("How much"),
    "side_effects": N_("Side effects and what to do"),
    "storage": N_("How to store it"),
    "warnings": N_("Warnings: pregnancy, other medicines, driving"),
}
CHANNELS = {
    "counter": N_("At the counter"),
    "phone": N_("By telephone"),
    "video": N_("By video call"),
}
TOLD_TO = {"patient": N_("The patient"), "family": N_("Family or carer")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counselling:
    """How the patient was told what to know before the bag leaves the house."""

    channel: str
    told_to: str
    topics: tuple[str, ...]
    name: str = ""  # of whoever was told, where it was not the patient
    at: datetime | None = None  # None: now, at the release


def why_not_release(counselling: Counselling, *, checked: bool, bags: int) -> Why | None:
    """Why a pharmacist cannot release an order yet."""
    if set(counselling.topics) != set(TOPICS):
        return Why.COUNSELLING_INCOMPLETE
    if not checked:
        return Why.NOT_CHECKED
    return None if 1 <= bags <= 9 else Why.NO_BAGS
