"""For everybody: a warung joins by telephone number, without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from gancang.regions.queries import list_regions, today_in
from gancang.shops import forms, knocking, opening, queries
from gancang.shops.paper_rules import kinds_of
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpRequest


@sensitive_post_parameters()
def begin(request: HttpRequest) -> HttpResponse:
    """Whose number gets the code, and in which regency."""
    regions = list_regions()
    form = forms.KnockForm(request.POST or None, regions=regions)
    if request.method == "POST" and form.is_valid():
        told, now = form.cleaned_data, timezone.now()
        source = request.META.get("REMOTE_ADDR", "")
        try:
            token = knocking.knock(told["phone"], region=form.chosen(), source=source, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            return redirect("join_shop_enter", token)
    return render(request, "shops/begin.html", {"form": form}, status=400 if form.errors else 200)


@sensitive_post_parameters()
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """With the code of the letter: what the warung is called, where it is, what it sells."""
    now = timezone.now()
    row = knocking.find_knock(token, now=now)
    if row is None:
        raise Http404
    form = forms.OwnerForm(request.POST or None, region=row.region, village=None)
    if request.method == "POST" and form.is_valid():
        try:
            knocking.try_code(row, form.cleaned_data["code"])
            shop = knocking.enter(row, form.asked(phone=row.phone), now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            kinds = kinds_of(row.region.config, shop.kind, on=today_in(row.region, now))
            context = {"shop": shop, "kinds": kinds, "region": row.region}
            return render(request, "shops/entered.html", context)
    context = {"form": form, "region": row.region}
    return render(request, "shops/enter.html", context, status=400 if form.errors else 200)


def sign(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What the code of a poster opens: a shop, what it sells, whether it is open. For everybody."""
    shop = queries.get_shop_for_all(slug, code)
    now = timezone.now()
    on = today_in(shop.region, now)
    why_not = queries.why_shop_not_open(shop, now)
    week = queries.week_of(shop, on=on)
    may_sell = queries.why_not_selling(shop, on=on) is None
    context = {
        "shop": shop,
        "is_open": why_not is None,
        "opens": opening.opens_next(week, now) if may_sell and why_not else None,
        "promise": queries.promise_of_shop(shop, now),
        "week": opening.told_week(week.spans),
        "zone": shop.region.timezone,
        "region": shop.region,
    }
    return render(request, "shops/sign.html", context)
