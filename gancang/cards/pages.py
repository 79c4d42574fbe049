"""The desk of cards: make one, print it, replace one that was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.cards import actions, queries
from gancang.cards.forms import ReplaceForm
from gancang.paper.cards import Card as Printed
from gancang.paper.cards import as_pdf
from gancang.residents.queries import read_person, reader_for
from gancang.values import Refused
from gancang.web.files import as_file
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.residents.queries import Person

DESKS = (Role.COUNTER_CLERK, Role.VILLAGE_CLERK, Role.OPERATOR, Role.PROGRAMME_OFFICER)


def _person(request: MemberRequest, number: int) -> Person:
    reader = reader_for(request.membership, purpose="card", now=timezone.now())
    try:
        return read_person(reader, number)
    except KeyError:
        raise Http404 from None


@for_roles(*DESKS)
def card(request: MemberRequest, number: int) -> HttpResponse:
    """Somebody's card: since when, and what became of those before. POST makes the first one."""
    person = _person(request, number)
    region, now = request.membership.region, timezone.now()
    if request.method == "POST":
        try:
            actions.give_card(number, region=region, by=request.user.username, now=now)
        except Refused as refusal:
            messages.error(request, sentence_of(refusal))
        else:
            messages.success(request, _("The card is made. Print it and hand it over."))
        return redirect("cards:card", number)
    context = {
        "person": person,
        "card": queries.find_card(region, number),
        "cards": queries.cards_of(region, number),
        "form": ReplaceForm(),
        "zone": region.timezone,
    }
    return render(request, "cards/card.html", context)


@for_roles(*DESKS)
@require_POST
def replace(request: MemberRequest, number: int) -> HttpResponse:
    """A new card for one that was lost; the old one dies at once."""
    _person(request, number)
    form = ReplaceForm(request.POST)
    region, now = request.membership.region, timezone.now()
    if not form.is_valid():
        messages.error(request, _("Say what happened to the old card."))
        return redirect("cards:card", number)
    try:
        why, by = form.cleaned_data["why"], request.user.username
        actions.replace_card(number, why, region=region, by=by, now=now)
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        messages.success(request, _("The old card is dead. Print the new one and hand it over."))
    return redirect("cards:card", number)


@for_roles(*DESKS)
def paper(request: MemberRequest, number: int) -> HttpResponse:
    """The card on paper. Only here, and on a programme's sheets, is its code opened."""
    person = _person(request, number)
    region = request.membership.region
    code = queries.printed_codes(region, [person.number]).get(person.number)
    if code is None:
        raise Http404
    actions.note_printed(
        [person.number], region=region, by=request.user.username, now=timezone.now()
    )
    told = Printed(
        title=region.name,
        name=person.full_name,
        place=person.village,
        code=code,
        foot=_("Lost? Ring %(phone)s.") % {"phone": region.phone},
    )
    return as_file(as_pdf([told]), "card.pdf", "application/pdf", shown=True)
