"""The owner's telephone: open or closed, busy, hours, days off, papers, people, a poster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.paper import posters
from gancang.regions.queries import today_in
from gancang.shops import forms, keeping, overseeing, papers, queries
from gancang.shops.opening import closes_at, opens_next
from gancang.shops.paper_rules import kinds_of, lacking
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.files import as_file
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from gancang.shops.models import Shop


def _shop(request: MemberRequest) -> Shop:
    organisation = request.membership.organisation
    assert organisation is not None, request.membership.pk
    shop = queries.shop_of(organisation)
    if shop is None:
        raise Http404
    return shop


@for_roles(Role.STALL)
def mine(request: MemberRequest) -> HttpResponse:
    """The shop at a glance, with its large buttons."""
    organisation = request.membership.organisation
    assert organisation is not None, request.membership.pk
    shop = queries.shop_of(organisation)
    if shop is None:
        return render(request, "shops/none.html", {"organisation": organisation})
    return _mine(request, shop, forms.WhyForm())


def _mine(request: MemberRequest, shop: Shop, appeal: forms.WhyForm) -> HttpResponse:
    now = timezone.now()
    on = today_in(shop.region, now)
    week = queries.week_of(shop, on=on)
    why_not = queries.why_shop_not_open(shop, now)
    barred = queries.why_not_selling(shop, on=on)
    context = {
        "shop": shop,
        "why_not": why_not and sentence_of(why_not),
        "barred": barred,
        "until": shop.opened_until
        if why_not is None and shop.opened_until
        else closes_at(week, now),
        "opens": None if barred or not why_not else opens_next(week, now),
        "promise": queries.promise_of_shop(shop, now),
        "busy_steps": keeping.BUSY_STEPS,
        "prepares": forms.PreparesForm(initial={"minutes": shop.prepares_minutes}),
        "lacks": lacking(queries.standings_of(shop, on=on)),
        "held": queries.suspended_on(shop, on=on),
        "appeal": appeal,
        "share": f"{shop.name} {share_link(shop)}",
        "zone": shop.region.timezone,
    }
    return render(request, "shops/mine.html", context, status=400 if appeal.errors else 200)


@for_roles(Role.STALL)
@require_POST
def switch(request: MemberRequest, to: str) -> HttpResponse:
    """One tap: open, closed, busy or no longer."""
    shop, now, by = _shop(request), timezone.now(), request.user
    if to == "open":
        keeping.open_now(shop, by=by, now=now)
    elif to == "closed":
        keeping.close_now(shop, by=by, now=now)
    elif to in {f"busy-{minutes}" for minutes in keeping.BUSY_STEPS}:
        keeping.be_busy(shop, int(to.removeprefix("busy-")), by=by, now=now)
    else:
        raise Http404
    return redirect("shops:mine")


@for_roles(Role.STALL)
@require_POST
def prepares(request: MemberRequest) -> HttpResponse:
    """How long it takes here."""
    form = forms.PreparesForm(request.POST)
    shop = _shop(request)
    if form.is_valid():
        minutes = form.cleaned_data["minutes"]
        keeping.prepare_in(shop, minutes, by=request.user, now=timezone.now())
        messages.success(request, _("Noted."))
    else:
        messages.error(request, _("Write minutes from 1 to 240."))
    return redirect("shops:mine")


@for_roles(Role.STALL)
@require_POST
def appeal(request: MemberRequest) -> HttpResponse:
    """The owner says that the suspension is wrong."""
    shop, form = _shop(request), forms.WhyForm(request.POST)
    if form.is_valid():
        try:
            overseeing.appeal(shop, form.cleaned_data["why"], by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Sent. Somebody who did not suspend the shop decides."))
            return redirect("shops:mine")
    return _mine(request, shop, form)


@for_roles(Role.STALL)
def hours(request: MemberRequest) -> HttpResponse:
    """The week, two openings a day."""
    shop, now = _shop(request), timezone.now()
    spans = queries.week_of(shop, on=today_in(shop.region, now)).spans
    form = forms.HoursForm(request.POST or None, spans=spans)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.set_hours(shop, form.spans(), by=request.user, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Noted."))
            return redirect("shops:mine")
    context = {"shop": shop, "form": form}
    return render(request, "shops/hours.html", context, status=400 if form.errors else 200)


@for_roles(Role.STALL)
def days_off(request: MemberRequest) -> HttpResponse:
    """Days on which the shop stays closed."""
    shop, now = _shop(request), timezone.now()
    today = today_in(shop.region, now)
    form = forms.DaysOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        first, last = told["first"], told["last"] or told["first"]
        try:
            keeping.take_days_off(shop, first, last, told["why"], by=request.user, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Noted."))
            return redirect("shops:days_off")
    ahead = sorted((row.first, row) for row in shop.days_off.all() if row.last >= today)
    context = {"shop": shop, "form": form, "ahead": [row for _first, row in ahead]}
    return render(request, "shops/days_off.html", context, status=400 if form.errors else 200)


@for_roles(Role.STALL)
@require_POST
def drop_days_off(request: MemberRequest, row: int) -> HttpResponse:
    """Open on those days after all."""
    keeping.drop_days_off(_shop(request), row, by=request.user, now=timezone.now())
    return redirect("shops:days_off")


@for_roles(Role.STALL)
@sensitive_post_parameters("number")
def own_papers(request: MemberRequest) -> HttpResponse:
    """What is lacking, and showing a paper with a photo; the regency compares it."""
    shop, now = _shop(request), timezone.now()
    today = today_in(shop.region, now)
    kinds = kinds_of(shop.region.config, shop.kind, on=today)
    form = forms.PaperForm(request.POST or None, request.FILES or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        try:
            kind = papers.get_kind(shop, form.cleaned_data["kind"], on=today)
            papers.show(shop, kind, form.typed(), by=request.user, seen=False, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Sent. The regency compares it."))
            return redirect("shops:own_papers")
    standings = queries.standings_of(shop, on=today)
    context = {"shop": shop, "form": form, "standings": standings}
    return render(request, "shops/own_papers.html", context, status=400 if form.errors else 200)


@for_roles(Role.STALL)
@sensitive_post_parameters("phone")
def keepers(request: MemberRequest) -> HttpResponse:
    """Who works here; one more is invited by letter."""
    shop, now = _shop(request), timezone.now()
    form = forms.KeeperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        link = keeping.add_keeper(shop, told["name"], told["phone"], by=request.user, now=now)
        assert link is None, "a phone was typed"
        said = _("%(name)s gets a message with a link.")
        messages.success(request, said % {"name": told["name"]})
        return redirect("shops:keepers")
    context = {"shop": shop, "form": form, "keepers": keeping.keepers_of(shop)}
    return render(request, "shops/keepers.html", context, status=400 if form.errors else 200)


@for_roles(Role.STALL)
@require_POST
def take_keeper(request: MemberRequest, user: int) -> HttpResponse:
    """Somebody works here no more."""
    shop = _shop(request)

    def take() -> None:
        keeping.take_keeper(shop, user, by=request.user, now=timezone.now())

    is_done(request, take, _("Done."))
    # Whoever took the own role away has no shop to come back to.
    return redirect("home" if user == request.user.pk else "shops:keepers")


@for_roles(Role.STALL)
def poster(request: MemberRequest) -> HttpResponse:
    """A sheet for the wall whose QR code opens the shop's page."""
    shop = _shop(request)
    assert shop.organisation is not None, shop.pk
    told = posters.Poster(
        title=shop.name,
        words=shop.sells,
        link=share_link(shop),
        foot=_("Scan and order. No app is needed."),
        place=shop.address,
    )
    return as_file(posters.as_pdf(told), f"{shop.organisation.code}.pdf", "application/pdf")


def share_link(shop: Shop) -> str:
    """The address that opens a shop for everybody."""
    assert shop.organisation is not None, shop.pk
    page = reverse("shop_sign", args=[shop.region.slug, shop.organisation.code])
    return settings.PUBLIC_URL + page
