"""The counter, the pharmacist's queue and release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.addresses.queries import find_doubt
from gancang.medicine import actions, owing, queries
from gancang.medicine.desk_lists import find_rest, words_of
from gancang.medicine.forms import PrescriptionForm
from gancang.medicine.rules import Draft, read_draft
from gancang.orders import lifecycle
from gancang.programmes.rules import Why as ProgrammeWhy
from gancang.regions.queries import today_in, villages_by_code
from gancang.residents.places import OF_NO_HOUSE
from gancang.residents.queries import find_people, read_person, reader_for
from gancang.residents.rules import doubts_about_nik
from gancang.values import Point, Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from gancang.orders.models import Order

DESK = (Role.COUNTER_CLERK, Role.PHARMACIST)


@for_roles(*DESK)
def new(request: MemberRequest) -> HttpResponse:
    """A new prescription; a patient who was here before need not be typed again."""
    region, now = request.membership.region, timezone.now()
    villages = villages_by_code(region)
    initial = _known_patient(request)
    # A search is sent, not linked: a NIK or a phone number must not stand in an address.
    typed = request.POST.get("find")
    placing = request.method == "POST" and typed is None  # also when nothing was sent in it
    sent = request.POST if placing else None
    is_pharmacist = request.membership.role == Role.PHARMACIST
    judge = request.user.full_name if is_pharmacist else ""
    words = words_of(request.membership, now=now)
    form = PrescriptionForm(sent, villages=villages, judge=judge, words=words, initial=initial)
    offer = None
    if placing:
        draft = read_draft(form.typed(), villages=villages, today=today_in(region, now))
        form.is_valid()
        if not isinstance(draft, Draft):
            form.tell(draft)
        elif not form.errors:
            placed, offer = _place(request, form, draft)
            if placed:
                return placed
    reader = reader_for(request.membership, purpose="search", now=now)
    people = find_people(reader, typed) if typed else []
    last = queries.last_papers(request.membership, people) if people else {}
    known = [(person, last.get(person.number)) for person in people]
    context = {"form": form, "find": typed or "", "people": known, "offer": offer, "words": words}
    context |= {"owed": _owed(request), "villages": villages.values()}
    return render(request, "medicine/new.html", context, status=400 if form.errors else 200)


def _place(
    request: MemberRequest, form: PrescriptionForm, draft: Draft
) -> tuple[HttpResponse | None, Mapping[str, object] | None]:
    """Where to go once it is placed; or the price that the patient has to be asked about first."""
    organisation = request.membership.organisation
    assert organisation is not None, "a desk belongs to a hospital"
    counter = actions.Counter(origin=organisation, door="form", by=request.user.username)
    try:
        now, owed = timezone.now(), _owed(request)
        if owed:
            order = owing.bring(draft, counter, owed, asker=request.membership, now=now)
        else:
            order = actions.place(draft, counter, now=now)
    except Refused as refusal:
        if refusal.reason is ProgrammeWhy.PRICE_NOT_ACCEPTED:
            return None, refusal.facts
        form.add_error(None, sentence_of(refusal))
        return None, None
    messages.success(request, _("Order %(code)s is with the pharmacist.") % {"code": order.code})
    _tell_doubts(request, draft, order)
    return redirect("medicine:detail", order.code), None


def _tell_doubts(request: MemberRequest, draft: Draft, order: Order) -> None:
    """What is odd about the patient and was taken all the same; the entry is mended on its page."""
    region = request.membership.region
    if draft.lat is not None and draft.lon is not None:
        pin = Point(draft.lat, draft.lon)
        if odd := find_doubt(region, pin, order.village):
            messages.warning(request, sentence_of(odd))
    for doubt in doubts_about_nik(draft.nik, birth_date=draft.birth_date, area=region.code):
        messages.warning(request, sentence_of(Refused(doubt)))
    if order.resident.deceased_on:
        messages.error(
            request,
            _("This patient is noted as deceased. If that is wrong, take it back on his page."),
        )


def _owed(request: MemberRequest) -> int | None:
    """Which owed rest this prescription brings, if it brings one."""
    number = request.POST.get("owed") or request.GET.get("owed", "")
    return int(number[:18]) if number.isdigit() else None


def _known_patient(request: MemberRequest) -> dict[str, Any]:
    number = request.GET.get("patient", "")
    if not number.isdigit():
        return {}
    now = timezone.now()
    reader = reader_for(request.membership, purpose="new prescription", now=now)
    try:
        person = read_person(reader, int(number[:18]))
    except KeyError:
        return {}
    return {
        "full_name": person.full_name,
        "nik": person.nik,
        "birth_date": person.birth_date.strftime("%d-%m-%Y") if person.birth_date else "",
        "phone": person.phone,
        "village": f"{person.village}, {person.district}",
        "address": person.address,
        "landmark": person.landmark,
        "lat": "" if person.lat is None or person.pin_grade in OF_NO_HOUSE else person.lat,
        "lon": "" if person.lon is None or person.pin_grade in OF_NO_HOUSE else person.lon,
        **queries.find_again(request.membership, request.GET.get("again", ""), person.number),
        **find_rest(request.membership, request.GET.get("owed", "")),
    }


@for_roles(*DESK, Role.OPERATOR, Role.ADMIN)
def list_orders(request: MemberRequest) -> HttpResponse:
    """All orders that one may see, newest first, found by code, number or village."""
    typed, state = request.GET.get("q", ""), request.GET.get("state", "")
    found = queries.orders_found(request.membership, typed=typed, state=state)
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""))
    people = queries.people_of(request.membership, page.rows, purpose="list", now=timezone.now())
    context = {
        "page": page,
        "rows": [(order, people.get(order.resident_id)) for order in page.rows],
        "q": typed,
        "state": state,
        "states": lifecycle.STATES,
        "zone": request.membership.region.timezone,
    }
    return render(request, "medicine/list.html", context)
