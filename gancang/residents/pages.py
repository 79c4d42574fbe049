"""The registry: nobody is listed before somebody was searched for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.addresses.queries import find_doubt
from gancang.regions.queries import (
    fact_kinds,
    find_clear_village,
    find_villages,
    today_in,
    villages_by_code,
)
from gancang.residents import consents, queries, registry
from gancang.residents.actions import KnownFact
from gancang.residents.facts import known_of, shown
from gancang.residents.forms import (
    ConsentForm,
    CorrectionForm,
    FactForm,
    PhoneForm,
    RepresentativeForm,
)
from gancang.residents.likeness import look_alikes_of
from gancang.values import Point, Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse, QueryDict

    from gancang.residents.facts import Shown
    from gancang.residents.queries import Person, Reader

REGISTRY = (
    Role.COUNTER_CLERK,
    Role.PHARMACIST,
    Role.OPERATOR,
    Role.PROGRAMME_OFFICER,
    Role.ADMIN,
)
MOST = 20


def reader_of(request: MemberRequest, purpose: str) -> Reader:
    """Whoever asks, as a reader of people for a purpose."""
    return queries.reader_for(request.membership, purpose=purpose, now=timezone.now())


def person_of(request: MemberRequest, number: int, purpose: str) -> Person:
    """The person, read for a purpose; 404 where the region has none of that number."""
    found = queries.read_people(reader_of(request, purpose), [min(number, 2**63 - 1)])
    if number not in found:
        raise Http404
    return found[number]


def deed_of(request: MemberRequest, reason: str = "") -> registry.Deed:
    """Whoever asks is who does it, now."""
    return registry.Deed(by=request.user.username, now=timezone.now(), reason=reason)


@for_roles(*REGISTRY)
@sensitive_post_parameters("find")
def search(request: MemberRequest) -> HttpResponse:
    """Find a person by NIK, family card, phone, local id or name."""
    # Sent, not linked: a NIK or a phone number must not stand in an address.
    typed = request.POST.get("find", "").strip()[:120]
    people = (
        queries.find_people(reader_of(request, "search"), typed, most=MOST + 1) if typed else []
    )
    context = {"find": typed, "people": people[:MOST], "more": len(people) > MOST, "most": MOST}
    return render(request, "residents/search.html", context)


@for_roles(*REGISTRY)
def villages(request: MemberRequest) -> HttpResponse:
    """The villages that may be meant, however they are spelt; as JSON for a form's script."""
    asked = request.GET.get("q") or request.GET.get("village", "")
    typed, region = asked[:80], request.membership.region
    found = find_villages(region, typed) if typed else []
    if request.GET.get("format") == "choices":
        clear = find_clear_village(region, typed) if typed else None
        context = {"found": found, "clear": clear, "q": typed}
        return render(request, "residents/village_choices.html", context)
    if request.GET.get("format") == "json":
        rows = [
            {"code": each.code, "village": each.name, "district": each.district.name}
            for each in found
        ]
        return JsonResponse({"villages": rows})
    return render(request, "residents/villages.html", {"q": typed, "found": found})


@for_roles(*REGISTRY)
def person(request: MemberRequest, number: int) -> HttpResponse:
    """One person: who it is, how to reach him, what is known, who may act for him."""
    return _page(request, number)


def _page(
    request: MemberRequest,
    number: int,
    *,
    in_full: bool = False,
    forms: dict[str, Form] | None = None,
) -> HttpResponse:
    told = person_of(request, number, "numbers shown" if in_full else "registry")
    region, now = request.membership.region, timezone.now()
    doubts = queries.doubts_about(told, area=region.code, today=today_in(region, now))
    forms = forms or {}
    context = {
        "person": told,
        "shown": in_full,
        "doubts": [sentence_of(Refused(doubt)) for doubt in doubts],
        "phones": queries.phones_of(told.number),
        "represented": queries.representatives_of(told.number),
        "facts": _facts(request, told.number),
        "consents": consents.consents_of(told.number),
        "consent_form": forms.get("consent") or ConsentForm(),
        "fact_form": forms.get("fact") or _fact_form(request),
        "duplicates": queries.find_duplicates(reader_of(request, "duplicates"), told.number),
        "look_alikes": look_alikes_of(told.number),
        "merges": queries.merges_of(told.number),
        "pins": queries.pins_of(told.number)[:5],
        "readings": queries.readings_of_person(region, told.number)[:5],
        "phone_form": forms.get("phone") or PhoneForm(),
        "represent_form": forms.get("represent") or RepresentativeForm(),
        "zone": region.timezone,
        "sees_services": request.membership.role != Role.PHARMACIST,
        "sees_orders": request.membership.role != Role.PROGRAMME_OFFICER,
    }
    status = 400 if any(form.errors for form in forms.values()) else 200
    return render(request, "residents/person.html", context, status=status)


def _facts(request: MemberRequest, number: int) -> list[Shown]:
    region = request.membership.region
    today = today_in(region, timezone.now())
    known = known_of(region, [number], on=today)[number]
    return shown(known, fact_kinds(region), language=get_language() or "id", on=today)


def _fact_form(request: MemberRequest, typed: QueryDict | None = None) -> FactForm:
    kinds = fact_kinds(request.membership.region)
    return FactForm(typed, kinds=kinds, language=get_language() or "id")


@for_roles(*REGISTRY)
@require_POST
@sensitive_post_parameters()
def record_fact(request: MemberRequest, number: int) -> HttpResponse:
    """Write down one thing that is known of a person, with its source and its day."""
    told, form = person_of(request, number, "correction"), _fact_form(request, request.POST)
    if form.is_valid():
        typed, deed = form.cleaned_data, deed_of(request)
        fact = KnownFact(typed["value"], typed["source"], typed["as_of"])
        today = today_in(request.membership.region, deed.now)
        try:
            registry.record_fact(told.number, typed["fact"], fact, deed, today=today)
        except Refused as refusal:
            form.add_error("as_of", sentence_of(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("residents:person", told.number)
    return _page(request, number, forms={"fact": form})


@for_roles(*REGISTRY)
@require_POST
def consent(request: MemberRequest, number: int) -> HttpResponse:
    """Somebody agrees to a purpose, or takes it back."""
    told, form = person_of(request, number, "correction"), ConsentForm(request.POST)
    if not form.is_valid():
        return _page(request, number, forms={"consent": form})
    typed, deed = form.cleaned_data, deed_of(request)
    if request.POST.get("do") == "withdraw":
        consents.withdraw(told.number, typed["purpose"], deed)
        messages.success(request, _("Taken back; all of it stops within 72 hours."))
    else:
        consents.give(told.number, typed["purpose"], typed["how"], deed)
        messages.success(request, _("Saved."))
    return redirect("residents:person", told.number)


@for_roles(*REGISTRY)
@require_POST
def show_numbers(request: MemberRequest, number: int) -> HttpResponse:
    """NIK and family card in full, which is written down by itself."""
    return _page(request, number, in_full=True)


@for_roles(*REGISTRY)
@sensitive_post_parameters()
def correct(request: MemberRequest, number: int) -> HttpResponse:
    """Mend an entry, with the reason."""
    told, region = person_of(request, number, "correction"), request.membership.region
    form = CorrectionForm(
        request.POST or None,
        initial=_initial(told),
        region=region,
        today=today_in(region, timezone.now()),
    )
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        deed, seen = deed_of(request, typed.pop("reason")), typed.pop("version")
        try:
            changed = registry.correct(
                told.number, registry.Correction(**typed), deed, seen_version=seen
            )
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            _tell_doubt(request, typed)
            return redirect("residents:person", told.number)
    context = {"person": told, "form": form, "villages": villages_by_code(region).values()}
    return render(request, "residents/correct.html", context, status=400 if form.errors else 200)


def _tell_doubt(request: MemberRequest, typed: dict[str, Any]) -> None:
    if typed["lat"] is None:
        return
    pin = Point(typed["lat"], typed["lon"])
    if odd := find_doubt(request.membership.region, pin, typed["village"]):
        messages.warning(request, sentence_of(odd))


def _initial(told: Person) -> dict[str, Any]:
    plain = ("version", "full_name", "sex", "address", "landmark", "lat", "lon")
    born = told.birth_date.strftime("%d-%m-%Y") if told.birth_date else ""
    village = f"{told.village}, {told.district}"
    return {name: getattr(told, name) for name in plain} | {"birth_date": born, "village": village}


@for_roles(*REGISTRY)
@require_POST
@sensitive_post_parameters()
def add_phone(request: MemberRequest, number: int) -> HttpResponse:
    """One more phone, and whose it is."""
    told, form = person_of(request, number, "correction"), PhoneForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            registry.add_phone(told.number, typed["number"], typed["whose"], deed_of(request))
        except Refused as refusal:
            form.add_error("number", sentence_of(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("residents:person", told.number)
    return _page(request, number, forms={"phone": form})


@for_roles(*REGISTRY)
@require_POST
def change_phone(request: MemberRequest, number: int, phone: int) -> HttpResponse:
    """Ring this one first, or forget it."""
    told = person_of(request, number, "correction")
    deed = registry.remove_phone if request.POST.get("do") == "remove" else registry.ring_first
    deed(told.number, min(phone, 2**63 - 1), deed_of(request))
    return redirect("residents:person", told.number)


@for_roles(*REGISTRY)
@require_POST
@sensitive_post_parameters()
def represent(request: MemberRequest, number: int) -> HttpResponse:
    """Name who acts or receives for somebody."""
    told, form = person_of(request, number, "correction"), RepresentativeForm(request.POST)
    if not form.is_valid():
        return _page(request, number, forms={"represent": form})
    registry.name_representative(told.number, registry.Named(**form.cleaned_data), deed_of(request))
    messages.success(request, _("Saved."))
    return redirect("residents:person", told.number)


@for_roles(*REGISTRY)
@require_POST
def end_representative(request: MemberRequest, number: int, representative: int) -> HttpResponse:
    """He acts for him no more."""
    told = person_of(request, number, "correction")
    registry.end_representative(told.number, min(representative, 2**63 - 1), deed_of(request))
    return redirect("residents:person", told.number)


@for_roles(*REGISTRY)
def readings(request: MemberRequest, number: int) -> HttpResponse:
    """Who read this person, when and what for."""
    told = person_of(request, number, "who read him")
    found = queries.readings_of_person(request.membership.region, told.number)
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""))
    context = {"person": told, "page": page, "zone": request.membership.region.timezone}
    return render(request, "residents/readings.html", context)
