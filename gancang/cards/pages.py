"""The desk of cards: make one, print it, replace one that was lost."""

from __future__ import annotations

from functools import partial
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
from gancang.residents.pages import person_of
from gancang.web.deeds import is_done
from gancang.web.files import as_file

if TYPE_CHECKING:
    from django.http import HttpResponse

DESKS = (Role.COUNTER_CLERK, Role.VILLAGE_CLERK, Role.OPERATOR, Role.PROGRAMME_OFFICER)


@for_roles(*DESKS)
def card(request: MemberRequest, number: int) -> HttpResponse:
    """Somebody's card: since when, and what became of those before. POST makes the first one."""
    person = person_of(request, number, "card")
    region, now = request.membership.region, timezone.now()
    if request.method == "POST":
        by = request.user.username
        deed = partial(actions.give_card, number, region=region, by=by, now=now)
        is_done(request, deed, _("The card is made. Print it and hand it over."))
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
    person_of(request, number, "card")
    form = ReplaceForm(request.POST)
    region, now = request.membership.region, timezone.now()
    if not form.is_valid():
        messages.error(request, _("Say what happened to the old card."))
        return redirect("cards:card", number)
    why, by = form.cleaned_data["why"], request.user.username
    deed = partial(actions.replace_card, number, why, region=region, by=by, now=now)
    is_done(request, deed, _("The old card is dead. Print the new one and hand it over."))
    return redirect("cards:card", number)


@for_roles(*DESKS)
def paper(request: MemberRequest, number: int) -> HttpResponse:
    """The card on paper. Only here, and on a programme's sheets, is its code opened."""
    person = person_of(request, number, "card")
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
