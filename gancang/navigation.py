"""The menu of each role: what stands in the header of every page.

A new page is one more pair in its role's list. The first of a list are what the role does all day:
they stand in the open, two on a phone, four on a desk's screen. All of them stand behind "Menu",
under the heading of their folder. What is a list of work says how much of it waits.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gancang.accounts.models import Role
from gancang.waiting import count_waiting

if TYPE_CHECKING:
    from django.http import HttpRequest

MENUS = {
    Role.COUNTER_CLERK: [
        ("medicine:new", _("New prescription")),
        ("medicine:list", _("Orders")),
        ("medicine:many", _("List of the day")),
        ("contact:confirmations", _("To confirm")),
        ("residents:search", _("Residents")),
        ("addresses:landmarks", _("Landmarks")),
        ("dispatch:look_alikes", _("Same person?")),
        ("repeats:ending", _("Repeats")),
        ("paperwork:downtime", _("On paper")),
        ("contact:search", _("For a patient")),
        ("cash:holders", _("Patients' money")),
        ("medicine:at_counter", _("At our counter")),
        ("medicine:parcels", _("By post")),
        ("parcels:list", _("Deliveries")),
        ("fulfilment:list", _("Visits, rides, transfers")),
        ("fulfilment:mine", _("Visits and rides")),
        ("reach:where", _("Where we deliver")),
        ("enrolment:programmes", _("Applications")),
        ("purchases:list", _("Purchases")),
        ("vouchers:holders", _("Balances and cards")),
        ("complaints:tell", _("Somebody complains")),
    ],
    Role.PHARMACIST: [
        ("medicine:queue", _("Queue")),
        ("medicine:list", _("Orders")),
        ("medicine:visits", _("Visits")),
        ("medicine:owed", _("Owed")),
        ("medicine:parcels", _("By post")),
        ("residents:search", _("Residents")),
        ("addresses:landmarks", _("Landmarks")),
        ("dispatch:look_alikes", _("Same person?")),
        ("repeats:ending", _("Repeats")),
        ("paperwork:downtime", _("On paper")),
        ("contact:messages", _("Messages")),
        ("incidents:log", _("Incidents")),
        ("figures:figures", _("Figures")),
        ("medicine:returns", _("Came back")),
    ],
    Role.RIDER: [
        ("dispatch:rider", _("My work")),
        ("fulfilment:mine", _("Visits")),
        ("servings:mine", _("Meals")),
    ],
    Role.STALL: [
        ("shops:mine", _("My shop")),
        ("food:kitchen", _("My orders")),
        ("servings:kitchen", _("My kitchen")),
        ("menus:menu", _("My menu")),
        ("vouchers:redeem", _("Redeem a voucher")),
        ("vouchers:redemptions", _("Redeemed vouchers")),
        ("qris:bills", _("QRIS payments")),
    ],
    Role.VILLAGE_CLERK: [
        ("contact:search", _("For a patient")),
        ("enrolment:programmes", _("Applications")),
        ("enrolment:needs", _("Neighbours in need")),
        ("shops:list", _("Kitchens and shops")),
        ("servings:welfare", _("Welfare checks")),
        ("vouchers:holders", _("Balances and cards")),
        ("complaints:tell", _("Somebody complains")),
    ],
    Role.OPERATOR: [
        ("dispatch:board", _("Board")),
        ("medicine:list", _("Orders")),
        ("fleet:riders", _("Riders")),
        ("food:list", _("Orders of food")),
        ("contact:messages", _("Messages")),
        ("contact:confirmations", _("To confirm")),
        ("contact:letters", _("Letters")),
        ("incidents:log", _("Incidents")),
        ("watch:notes", _("Shift hand-over")),
        ("watch:replay", _("The day as it went")),
        ("watch:alarms", _("Alarms and their gaps")),
        ("residents:search", _("Residents")),
        ("addresses:landmarks", _("Landmarks")),
        ("dispatch:look_alikes", _("Same person?")),
        ("cash:holders", _("Patients' money")),
        ("figures:figures", _("Figures")),
        ("callbacks:list", _("To be rung")),
        ("inspection:rechecks", _("Asked again")),
        ("fleet:plan", _("Shift plan")),
        ("fleet:endings", _("Papers that end")),
        ("reach:where", _("Where we deliver")),
        ("dispatch:closures", _("Fleets and ways that are off")),
        ("dispatch:closed_roads", _("Closed roads")),
        ("servings:day", _("Meals of the day")),
        ("servings:welfare", _("Welfare checks")),
        ("vouchers:holders", _("Balances and cards")),
        ("complaints:list", _("Complaints")),
        ("qris:mismatches", _("QRIS payments")),
        ("menus:shown", _("Who was shown")),
    ],
    Role.PROGRAMME_OFFICER: [
        ("programmes:list", _("Programmes")),
        ("programmes:drafts", _("Drafts")),
        ("overview:budgets", _("Budgets")),
        ("forecast:lines", _("Forecast")),
        ("figures:figures", _("Figures")),
        ("reach:where", _("Where we deliver")),
        ("residents:search", _("Residents")),
        ("enrolment:programmes", _("Applications")),
        ("callbacks:list", _("To be rung")),
        ("inspection:rechecks", _("Asked again")),
        ("enrolment:needs", _("Neighbours in need")),
        ("shops:list", _("Kitchens and shops")),
        ("fulfilment:list", _("Visits, rides, transfers")),
        ("servings:day", _("Meals of the day")),
        ("servings:welfare", _("Welfare checks")),
        ("vouchers:given", _("Vouchers")),
        ("vouchers:holders", _("Balances and cards")),
        ("complaints:list", _("Complaints")),
        ("menus:shown", _("Who was shown")),
    ],
    Role.TREASURER: [
        ("overview:book", _("Book")),
        ("settlement:month", _("Settlement")),
        ("overview:budgets", _("Budgets")),
        ("forecast:lines", _("Forecast")),
        ("settlement:corrections", _("Corrections")),
        ("closing:months", _("Closed months")),
        ("cash:holders", _("Patients' money")),
        ("figures:figures", _("Figures")),
        ("programmes:list", _("Programmes")),
        ("programmes:drafts", _("Drafts")),
        ("inspection:desk", _("Auditor's desk")),
        ("purchases:list", _("Purchases")),
        ("fulfilment:transfers", _("To the bank")),
        ("complaints:list", _("Complaints")),
        ("qris:mismatches", _("QRIS payments")),
    ],
    Role.AUDITOR: [
        ("inspection:desk", _("Auditor's desk")),
        ("overview:events", _("Events")),
        ("overview:book", _("Book")),
        ("settlement:month", _("Settlement")),
        ("settlement:corrections", _("Corrections")),
        ("closing:months", _("Closed months")),
        ("overview:readings", _("Who read what")),
        ("incidents:log", _("Incidents")),
        ("watch:replay", _("The day as it went")),
        ("watch:alarms", _("Alarms and their gaps")),
        ("watch:notes", _("Shift hand-over")),
        ("figures:figures", _("Figures")),
        ("programmes:list", _("Programmes")),
        ("enrolment:programmes", _("Applications")),
        ("enrolment:needs", _("Neighbours in need")),
        ("shops:list", _("Kitchens and shops")),
        ("purchases:list", _("Purchases")),
        ("complaints:list", _("Complaints")),
        ("qris:mismatches", _("QRIS payments")),
        ("menus:shown", _("Who was shown")),
    ],
    Role.ADMIN: [
        ("accounts:people", _("People")),
        ("dispatch:board", _("Board")),
        ("incidents:log", _("Incidents")),
        ("residents:search", _("Residents")),
        ("addresses:landmarks", _("Landmarks")),
        ("fleet:riders", _("Riders")),
        ("medicine:list", _("Orders")),
        ("overview:book", _("Book")),
        ("settlement:month", _("Settlement")),
        ("settlement:corrections", _("Corrections")),
        ("closing:months", _("Closed months")),
        ("overview:budgets", _("Budgets")),
        ("inspection:desk", _("Auditor's desk")),
        ("forecast:lines", _("Forecast")),
        ("cash:holders", _("Patients' money")),
        ("accounts:tokens", _("Tokens")),
        ("figures:figures", _("Figures")),
        ("overview:events", _("Events")),
        ("overview:readings", _("Who read what")),
        ("watch:replay", _("The day as it went")),
        ("watch:alarms", _("Alarms and their gaps")),
        ("fleet:plan", _("Shift plan")),
        ("fleet:endings", _("Papers that end")),
        ("reach:where", _("Where we deliver")),
        ("dispatch:closures", _("Fleets and ways that are off")),
        ("dispatch:closed_roads", _("Closed roads")),
        ("programmes:list", _("Programmes")),
        ("enrolment:programmes", _("Applications")),
        ("enrolment:needs", _("Neighbours in need")),
        ("shops:list", _("Kitchens and shops")),
        ("purchases:list", _("Purchases")),
        ("programmes:drafts", _("Drafts")),
        ("food:list", _("Orders of food")),
        ("qris:mismatches", _("QRIS payments")),
        ("menus:shown", _("Who was shown")),
    ],
}


SERVICE, PATIENTS, STAFF = _("Service"), _("Patients"), _("Staff")
MONEY, RECORDS = _("Money"), _("Records")
# The heading of a folder, or of one address; in the order in which they stand.
HEADINGS = {
    "medicine": SERVICE,
    "parcels": SERVICE,
    "fulfilment": SERVICE,
    "servings": SERVICE,
    "servings:welfare": PATIENTS,
    "menus": SERVICE,
    "menus:shown": RECORDS,
    "food": SERVICE,
    "vouchers": SERVICE,
    "shops": SERVICE,
    "vouchers:holders": PATIENTS,
    "fulfilment:transfers": MONEY,
    "dispatch": SERVICE,
    "dispatch:look_alikes": PATIENTS,
    "repeats": SERVICE,
    "paperwork": SERVICE,
    "reach": SERVICE,
    "programmes": SERVICE,
    "residents": PATIENTS,
    "enrolment": PATIENTS,
    "addresses": PATIENTS,
    "contact": PATIENTS,
    "callbacks": PATIENTS,
    "complaints": PATIENTS,
    "fleet": STAFF,
    "accounts": STAFF,
    "cash": MONEY,
    "qris": MONEY,
    "settlement": MONEY,
    "closing": MONEY,
    "overview:book": MONEY,
    "overview:budgets": MONEY,
    "overview": RECORDS,
    "purchases": MONEY,
    "inspection": RECORDS,
    "incidents": RECORDS,
    "watch": RECORDS,
    "figures": RECORDS,
    "forecast": MONEY,
}


def menu(request: HttpRequest) -> dict[str, Any]:
    """What base.html shows of the visitor: the menu, its groups, the role, the region."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"menu": [], "membership": None, "region": None}
    names = MENUS[Role(membership.role)]

    @cache  # one question for all entries, and none where a page shows no menu
    def waits() -> dict[str, int]:
        return count_waiting(membership, [name for name, _label in names], now=timezone.now())

    items: list[dict[str, Any]] = [
        {
            "url": (url := reverse(name)),
            "label": label,
            "active": request.path == url,
            "name": name,
            "key": name.replace(":", "-"),
            "waits": lambda name=name: waits().get(name, 0),
        }
        for name, label in names
    ]
    groups: dict[Any, list[dict[str, Any]]] = {heading: [] for heading in HEADINGS.values()}
    for item in items:
        groups[_heading(item["name"])].append(item)
    return {
        "menu": items,
        "menu_groups": [(heading, found) for heading, found in groups.items() if found],
        "membership": membership,
        "region": membership.region,
    }


def _heading(name: str) -> Any:
    return HEADINGS[name] if name in HEADINGS else HEADINGS.get(name.partition(":")[0], RECORDS)
