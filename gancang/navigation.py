"""The menu of each role: what stands in the header of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gancang.accounts.models import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

MENUS = {
    Role.COUNTER_CLERK: [
        ("medicine:new", _("New prescription")),
        ("medicine:list", _("Orders")),
        ("residents:search", _("Residents")),
        ("repeats:ending", _("Repeats")),
        ("paperwork:downtime", _("On paper")),
        ("contact:confirmations", _("To confirm")),
        ("contact:search", _("For a patient")),
        ("cash:holders", _("Patients' money")),
        ("medicine:at_counter", _("At our counter")),
        ("reach:where", _("Where we deliver")),
    ],
    Role.PHARMACIST: [
        ("medicine:queue", _("Queue")),
        ("medicine:visits", _("Visits")),
        ("medicine:owed", _("Owed")),
        ("medicine:list", _("Orders")),
        ("residents:search", _("Residents")),
        ("repeats:ending", _("Repeats")),
        ("paperwork:downtime", _("On paper")),
        ("contact:messages", _("Messages")),
        ("incidents:log", _("Incidents")),
        ("figures:figures", _("Figures")),
        ("medicine:returns", _("Came back")),
    ],
    Role.RIDER: [("dispatch:rider", _("My work"))],
    Role.VILLAGE_CLERK: [("contact:search", _("For a patient"))],
    Role.OPERATOR: [
        ("dispatch:board", _("Board")),
        ("medicine:list", _("Orders")),
        ("contact:confirmations", _("To confirm")),
        ("contact:messages", _("Messages")),
        ("contact:letters", _("Letters")),
        ("incidents:log", _("Incidents")),
        ("fleet:riders", _("Riders")),
        ("residents:search", _("Residents")),
        ("cash:holders", _("Patients' money")),
        ("figures:figures", _("Figures")),
        ("reach:where", _("Where we deliver")),
    ],
    Role.TREASURER: [
        ("overview:book", _("Book")),
        ("overview:budgets", _("Budgets")),
        ("cash:holders", _("Patients' money")),
        ("figures:figures", _("Figures")),
    ],
    Role.AUDITOR: [
        ("overview:events", _("Events")),
        ("overview:book", _("Book")),
        ("overview:readings", _("Who read what")),
        ("incidents:log", _("Incidents")),
        ("figures:figures", _("Figures")),
    ],
    Role.ADMIN: [
        ("dispatch:board", _("Board")),
        ("incidents:log", _("Incidents")),
        ("accounts:people", _("People")),
        ("residents:search", _("Residents")),
        ("fleet:riders", _("Riders")),
        ("overview:book", _("Book")),
        ("accounts:tokens", _("Tokens")),
        ("figures:figures", _("Figures")),
        ("reach:where", _("Where we deliver")),
    ],
}


def menu(request: HttpRequest) -> dict[str, Any]:
    """What base.html shows of the visitor: the menu, the role, the region."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"menu": [], "membership": None, "region": None}
    items = [
        {"url": (url := reverse(name)), "label": label, "active": request.path == url}
        for name, label in MENUS[Role(membership.role)]
    ]
    return {"menu": items, "membership": membership, "region": membership.region}
