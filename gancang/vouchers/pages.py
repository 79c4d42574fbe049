"""Giving vouchers, printing them, and telling holders what they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.cards.actions import note_printed
from gancang.cards.pages import DESKS
from gancang.cards.queries import find_card, printed_codes
from gancang.paper.cards import Card as Printed
from gancang.paper.cards import as_pdf
from gancang.residents.queries import find_people, read_people, read_person, reader_for
from gancang.values import Refused
from gancang.vouchers import actions, queries
from gancang.vouchers.links import find_code
from gancang.vouchers.words import amount_words
from gancang.web.files import as_file
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gancang.residents.queries import Person
    from gancang.vouchers.models import Voucher
    from gancang.web.paging import Page

SHEET = 100  # cards of one file


@for_roles(Role.PROGRAMME_OFFICER)
def given(request: MemberRequest) -> HttpResponse:
    """The cycles of a programme: how much was given, taken and is left; and the next ones."""
    region = request.membership.region
    found = queries.voucher_programmes(region)
    if not found:
        return render(request, "vouchers/given.html", {"programme": None})
    programme = queries.get_voucher_programme(region, request.GET.get("programme", ""))
    if request.method == "POST":
        by, now = request.user.username, timezone.now()
        try:
            many = actions.issue(programme, region=region, by=by, now=now)
        except Refused as refusal:
            messages.error(request, sentence_of(refusal))
        else:
            messages.success(request, _("%(n)s people have their balance.") % {"n": many})
        return redirect(f"{request.path}?programme={programme.code}")
    context = {
        "programme": programme,
        "programmes": found,
        "offer": queries.offer_of(programme),
        "cycles": queries.cycles_of(region, programme.code),
    }
    return render(request, "vouchers/given.html", context)


@for_roles(Role.PROGRAMME_OFFICER)
def cycle(request: MemberRequest, programme: str, cycle: str) -> HttpResponse:
    """Who holds a balance of a cycle, and how much of it is left."""
    page, people = _page_of(request, programme, cycle, size=50)
    context = {
        "page": page,
        "rows": [(row, people.get(row.resident_id)) for row in page.rows],
        "programme": queries.get_voucher_programme(request.membership.region, programme),
        "cycle": cycle,
    }
    return render(request, "vouchers/cycle.html", context)


def _page_of(
    request: MemberRequest, programme: str, cycle: str, *, size: int
) -> tuple[Page[Voucher], dict[int, Person]]:
    rows = queries.vouchers_of(request.membership.region, programme, cycle)
    page = page_after(rows, key=("id",), cursor=request.GET.get("after", ""), size=size)
    if not page.rows and page.is_first:
        raise Http404
    reader = reader_for(request.membership, purpose="vouchers", now=timezone.now())
    return page, read_people(reader, [row.resident_id for row in page.rows])


@for_roles(Role.PROGRAMME_OFFICER)
def sheet(request: MemberRequest, programme: str, cycle: str) -> HttpResponse:
    """The cards of a cycle on A4, a hundred a file, to be cut and handed over."""
    page, people = _page_of(request, programme, cycle, size=SHEET)
    region, now = request.membership.region, timezone.now()
    codes = printed_codes(region, [row.resident_id for row in page.rows])
    cards = [
        Printed(
            title=row.programme.name,
            name=people[row.resident_id].full_name,
            place=people[row.resident_id].village,
            code=codes[row.resident_id],
            amount=amount_words(row, row.count),
            until=_("Until %(last)s") % {"last": f"{row.last:%d-%m-%Y}"},
            foot=_("Lost? Ring %(phone)s.") % {"phone": region.phone},
        )
        for row in page.rows
        if row.resident_id in codes
    ]
    note_printed(codes, region=region, by=request.user.username, now=now)
    return as_file(as_pdf(cards), f"{programme}-{cycle}.pdf", "application/pdf", shown=True)


@for_roles(*DESKS)
def holders(request: MemberRequest) -> HttpResponse:
    """The desk and the telephone: who asks, what he has, what was taken; and his card."""
    region = request.membership.region
    reader = reader_for(request.membership, purpose="vouchers", now=timezone.now())
    typed, person = request.POST.get("find", ""), _chosen(request)
    held = queries.held_by(region, person.number) if person else []
    context = {
        "find": typed,
        "people": find_people(reader, typed[:120]) if typed else [],
        "person": person,
        "card": find_card(region, person.number) if person else None,
        "held": [(row, queries.taken_of(row)) for row in held[:6]],
        "zone": region.timezone,
    }
    return render(request, "vouchers/holders.html", context)


def _chosen(request: MemberRequest) -> Person | None:
    number = request.GET.get("person", "")
    if not (number.isascii() and number.isdigit()):
        return None
    reader = reader_for(request.membership, purpose="vouchers", now=timezone.now())
    try:
        return read_person(reader, int(number[:18]))
    except KeyError:
        return None


@require_safe
def balance(request: HttpRequest, token: str) -> HttpResponse:
    """The holder's link: what is left, until when, what was taken where. No log-in, no name."""
    code = find_code(token)
    row = queries.find_voucher(code) if code else None
    if row is None:
        raise Http404
    context = {"row": row, "taken": queries.taken_of(row), "zone": row.region.timezone}
    return render(request, "vouchers/balance.html", context)
