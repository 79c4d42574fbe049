"""What is done at a desk or on the phone for patients, and what they do on their own page."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.contact import actions, queries, receiving
from gancang.contact.forms import (
    AnswerForm,
    AskedForm,
    CorrectForm,
    LanguageForm,
    SearchForm,
    WrongForm,
)
from gancang.contact.rules import Why
from gancang.contact.slip import qr_of_link
from gancang.dispatch.tracking import find_tracked, progress
from gancang.orders import lifecycle
from gancang.orders.queries import get_order
from gancang.outbox.models import State
from gancang.outbox.queries import cost_since, counts_by_state, language_of
from gancang.regions.queries import today_in
from gancang.residents.queries import Reader, read_person
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from gancang.orders.models import Order

DESKS = (Role.COUNTER_CLERK, Role.PHARMACIST, Role.VILLAGE_CLERK, Role.OPERATOR, Role.ADMIN)
CALLERS = (Role.COUNTER_CLERK, Role.PHARMACIST, Role.OPERATOR, Role.ADMIN)
OFFICE = (Role.OPERATOR, Role.ADMIN)
READERS = (Role.PHARMACIST, Role.OPERATOR, Role.ADMIN)
CALLS_A_PAGE = 20


@for_roles(*DESKS)
@sensitive_post_parameters()
def search(request: MemberRequest) -> HttpResponse:
    """Find the order of a patient who stands at the desk, by code or by name and birth date."""
    form = SearchForm(request.POST or None)
    found: list[Order] = []
    if request.method == "POST" and form.is_valid():
        found = _searched(request, form)
        if len(found) == 1:
            return redirect("contact:order", found[0].code)
        if not found:
            form.add_error(None, _("No open order was found. Read the code or the name once more."))
    context = {"form": form, "found": found}
    return render(request, "contact/search.html", context, status=400 if form.errors else 200)


def _searched(request: MemberRequest, form: SearchForm) -> list[Order]:
    typed = form.cleaned_data
    if typed["code"]:
        order = queries.find_order(request.membership, typed["code"])
        return [order] if order else []
    asker, now = request.membership, timezone.now()
    return list(queries.find_orders_of(asker, typed["name"], typed["born"], now=now))


@for_roles(*DESKS)
def order(request: MemberRequest, code: str) -> HttpResponse:
    """Where an order stands and, once somebody asks for the patient, what can be done."""
    found = get_order(request.membership, code)
    return _order_page(request, found, AskedForm(initial={"relation": "patient"}))


def _order_page(request: MemberRequest, found: Order, form: forms.Form) -> HttpResponse:
    person = queries.person_of(request.membership, found, purpose="on behalf", now=timezone.now())
    context = {
        "order": found,
        "person": person,
        "form": form,
        "languages": found.region.languages,
        "language": language_of(found.resident_id) or found.region.languages[0],
        "deeds": queries.list_on_behalf(found),
        "zone": found.region.timezone,
        "is_open": found.state in lifecycle.OPEN,
        **progress(found),
    }
    status = 400 if form.errors else 200
    return render(request, "contact/order.html", context, status=status)


@for_roles(*DESKS)
@require_POST
def on_behalf(request: MemberRequest, code: str) -> HttpResponse:
    """Confirm, ask for tomorrow or call off for a patient who asked for it."""
    found = get_order(request.membership, code)
    form = AskedForm(request.POST)
    deed = request.POST.get("deed", "")
    if deed not in actions.DEEDS:
        form.add_error(None, _("Choose what is to be done."))
    if not form.is_valid():
        return _order_page(request, found, form)
    try:
        asked = _asked(request, form)
        actions.do_for(found, deed, asked, now=timezone.now())
    except Refused as refusal:
        form.add_error(_field_of(refusal), sentence_of(refusal))
        return _order_page(request, found, form)
    messages.success(request, _("Done, and written down for whom."))
    return redirect("contact:order", code)


def _asked(request: MemberRequest, form: forms.Form) -> actions.Asked:
    typed = form.cleaned_data
    return actions.Asked(
        by=request.membership,
        relation=typed["relation"],
        name=typed["name"],
        patient_asked=typed["asked"],
    )


def _field_of(refusal: Refused) -> str | None:
    return {Why.NOT_ASKED: "asked", Why.WHO_ASKED: "name"}.get(refusal.reason)  # type: ignore[call-overload,no-any-return]


@for_roles(*DESKS)
@require_POST
def language(request: MemberRequest, code: str) -> HttpResponse:
    """In which of the region's languages the patient is written to."""
    found = get_order(request.membership, code)
    form = LanguageForm(request.POST, languages=found.region.languages)
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        actions.write_in(found, chosen, by=request.user.username, now=timezone.now())
        messages.success(request, _("Letters come in this language from now on."))
    return redirect("contact:order", code)


@for_roles(*DESKS)
@sensitive_post_parameters()
def correct(request: MemberRequest, code: str) -> HttpResponse:
    """Another phone, a better landmark; with that they are confirmed."""
    found = get_order(request.membership, code)
    person = queries.person_of(request.membership, found, purpose="on behalf", now=timezone.now())
    initial = {"phone": person.phone, "landmark": person.landmark, "relation": "patient"}
    form = CorrectForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_for(
                found,
                _asked(request, form),
                phone=form.cleaned_data["phone"],
                landmark=form.cleaned_data["landmark"],
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(_field_of(refusal), sentence_of(refusal))
        else:
            messages.success(request, _("Done, and written down for whom."))
            return redirect("contact:order", code)
    context = {"order": found, "form": form, "person": person}
    return render(request, "contact/correct.html", context, status=400 if form.errors else 200)


@for_roles(*DESKS)
def slip(request: MemberRequest, code: str) -> HttpResponse:
    """A slip to print, for whoever has no phone. What is in the bag does not stand on it."""
    found = get_order(request.membership, code)
    context = {
        "order": found,
        "qr": qr_of_link(found.code),
        "person": queries.person_of(request.membership, found, purpose="slip", now=timezone.now()),
        "zone": found.region.timezone,
    }
    return render(request, "contact/slip.html", context)


@for_roles(*CALLERS)
def confirmations(request: MemberRequest) -> HttpResponse:
    """Whom to ring: orders whose address and phone nobody has confirmed yet."""
    page = page_after(
        queries.unconfirmed(request.membership),
        key=("promise_at", "id"),
        cursor=request.GET.get("after", ""),
        size=CALLS_A_PAGE,
    )
    people = queries.people_of(
        request.membership, page.rows, purpose="confirmation", now=timezone.now()
    )
    context = {
        "page": page,
        "rows": [(found, people[found.resident_id]) for found in page.rows],
        "zone": request.membership.region.timezone,
        "region": request.membership.region,
    }
    return render(request, "contact/confirmations.html", context)


@for_roles(*CALLERS)
@require_POST
def confirm(request: MemberRequest, code: str) -> HttpResponse:
    """The patient was rung: address and phone are right."""
    found = get_order(request.membership, code)
    actions.confirm(found, how="phone", by=request.user.username, now=timezone.now())
    messages.success(request, _("%(code)s is confirmed.") % {"code": code})
    return redirect("contact:confirmations")


def track_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The patient's link: is this where I live? Yes; or what is wrong."""
    found = find_tracked(token)
    if found is None:
        return render(request, "dispatch/no_track.html", status=404)
    if found.confirmed_at or found.state not in lifecycle.CANCELLABLE:
        return redirect("track", token)
    now, form = timezone.now(), WrongForm(request.POST or None)
    if request.method == "POST" and request.POST.get("right") == "yes":
        actions.confirm(found, how="link", by="patient", now=now)
        return redirect("track", token)
    if request.method == "POST" and form.is_valid():
        receiving.say_wrong(found, form.cleaned_data["words"], now=now)
        return render(request, "contact/wrong_told.html", {"order": found, "token": token})
    reader = Reader(
        region=found.region, by="patient", role="patient", purpose="confirmation", now=now
    )
    context: dict[str, Any] = {
        "order": found,
        "token": token,
        "form": form,
        "person": read_person(reader, found.resident_id),
    }
    status = 400 if form.errors else 200
    return render(request, "contact/track_confirm.html", context, status=status)


@require_POST
def track_tomorrow(request: HttpRequest, token: str) -> HttpResponse:
    """The patient's link: not today."""
    found = find_tracked(token)
    if found is None:
        return render(request, "dispatch/no_track.html", status=404)
    actions.ask_for_tomorrow(found, by="patient", now=timezone.now())
    return redirect("track", token)


@for_roles(*OFFICE)
def letters(request: MemberRequest) -> HttpResponse:
    """What became of the letters, what they cost this month, and whom to ring instead."""
    region, state = request.membership.region, request.GET.get("state", "")
    month = _month_begins(request)
    page = page_after(
        queries.letters_for(request.membership, state=state),
        key=("-id",),
        cursor=request.GET.get("after", ""),
    )
    context = {
        "page": page,
        "rows": page.rows,
        "states": State.choices,
        "state": state,
        "counts": counts_by_state(region.code, since=month),
        "cost_rp": cost_since(region.code, since=month),
        "zone": region.timezone,
        "query": f"state={state}&" if state in State.values else "",
    }
    return render(request, "contact/letters.html", context)


def _month_begins(request: MemberRequest) -> datetime:
    region, now = request.membership.region, timezone.now()
    first = today_in(region, now).replace(day=1)
    return datetime.combine(first, time(), tzinfo=ZoneInfo(region.timezone))


@for_roles(*OFFICE)
def letter(request: MemberRequest, number: int) -> HttpResponse:
    """One letter, opened: to ring its addressee and say what it says."""
    found = queries.open_letter(request.membership, number, now=timezone.now())
    context = {"letter": found, "zone": request.membership.region.timezone}
    return render(request, "contact/letter.html", context)


@for_roles(*OFFICE)
@require_POST
def end_letter(request: MemberRequest, number: int) -> HttpResponse:
    """A letter that was given up: send it again, or it was told by phone."""
    found = queries.get_letter(request.membership, number)
    by, now = request.user.username, timezone.now()
    if request.POST.get("deed") == "told":
        actions.tell_by_phone(found, by=by, now=now)
        messages.success(request, _("Written down as told by phone."))
    else:
        actions.send_again(found, by=by, now=now)
        messages.success(request, _("It is sent once more."))
    return redirect("contact:letters")


@for_roles(*READERS)
def inbox(request: MemberRequest) -> HttpResponse:
    """Messages of patients that wait for somebody's answer, oldest first."""
    page = page_after(
        queries.messages_to_answer(request.membership),
        key=("id",),
        cursor=request.GET.get("after", ""),
    )
    context = {"page": page, "rows": page.rows, "zone": request.membership.region.timezone}
    return render(request, "contact/messages.html", context)


@for_roles(*READERS)
def message(request: MemberRequest, number: int) -> HttpResponse:
    """One message, to be answered or set aside."""
    found = queries.get_message(request.membership, number)
    form = AnswerForm(request.POST or None)
    by, now = request.user.username, timezone.now()
    if request.method == "POST" and "aside" in request.POST:
        receiving.set_aside(found, by=by, now=now)
        return redirect("contact:messages")
    if request.method == "POST" and form.is_valid():
        receiving.answer(found, form.cleaned_data["words"], by=by, now=now)
        messages.success(request, _("Your answer is on its way."))
        return redirect("contact:messages")
    context = {"message": found, "form": form, "zone": request.membership.region.timezone}
    return render(request, "contact/message.html", context, status=400 if form.errors else 200)
