"""A buyer without an account: the basket with its whole price, the order, and where it stands."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.food import actions, queries, rules
from gancang.food.forms import BasketForm, CodeForm
from gancang.food.links import follow_token
from gancang.menus.queries import dishes_of, with_options
from gancang.orders.links import track_token
from gancang.qris.links import bill_token
from gancang.qris.queries import get_living_bill, takes_qris
from gancang.regions.queries import villages_by_code
from gancang.shops.queries import why_not_open
from gancang.values import Money, Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from gancang.food.models import FoodOrder
    from gancang.regions.models import Organisation


@sensitive_post_parameters()
def order(request: HttpRequest, region: str, code: str) -> HttpResponse:
    """First what it costs and when it comes, then the order. A refusal loses nothing of it."""
    seller, now = queries.get_seller(region, code), timezone.now()
    form = BasketForm(
        request.POST if request.method == "POST" else None,
        dishes=list(with_options(dishes_of(seller))),
        villages=villages_by_code(seller.region),
        initial={"key": secrets.token_urlsafe(12)},
    )
    offer = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("step") == "order":
                row = actions.place(_basket(form), seller, now=now)
                return redirect("food_follow", follow_token(row.code))
            offer = _offer(form, seller)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
            offer = _offer_if_any(form, seller, refusal)
    closed = why_not_open(seller, now)
    context = {
        "seller": seller,
        "form": form,
        "offer": offer,
        "takes_qris": takes_qris(seller),
        "by_qris": form["pays_by"].value() == rules.QRIS,
        "closed": sentence_of(closed) if closed else "",
        "villages": form.villages.values(),
        "zone": seller.region.timezone,
    }
    return render(request, "food/order.html", context, status=400 if form.errors else 200)


def _basket(form: BasketForm) -> actions.Basket:
    told = form.cleaned_data
    return actions.Basket(
        key=told["key"],
        wanted=form.wanted(),
        shown=Money(told["shown_rp"] or 0),
        name=told["name"],
        phone=told["phone"],
        village=told["village"],
        address=told["address"],
        landmark=told["landmark"],
        note=told["note"],
        pays_by=told["pays_by"],
    )


def _offer(form: BasketForm, seller: Organisation) -> queries.Offer:
    """What it costs now; the page remembers it as what was shown."""
    village = form.cleaned_data["village"]
    offer = queries.offer_for(seller, form.wanted(), village, now=timezone.now())
    data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, in every page
    data["shown_rp"] = str(offer.total.rupiah)
    form.data = data
    return offer


def _offer_if_any(form: BasketForm, seller: Organisation, refusal: Refused) -> queries.Offer | None:
    """Where only the price was another, the new one is shown at once."""
    return _offer(form, seller) if refusal.reason is rules.Why.PRICE_CHANGED else None


def follow(request: HttpRequest, token: str) -> HttpResponse:
    """The buyer's link: the code to be typed, where it stands, when it comes."""
    return _show(request, _get(token), token, CodeForm())


@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The code of the message: from now on the kitchen hears it ring."""
    row, form = _get(token), CodeForm(request.POST)
    if form.is_valid():
        try:
            actions.confirm(row, form.cleaned_data["code"], now=timezone.now())
        except Refused as refusal:
            form.add_error("code", sentence_of(refusal))
        else:
            return redirect("food_follow", token)
    return _show(request, row, token, form, status=400)


@require_POST
def call_off(request: HttpRequest, token: str) -> HttpResponse:
    """The buyer calls it off, as long as that is free."""
    try:
        actions.call_off(_get(token), now=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        messages.success(request, _("Called off. You pay nothing."))
    return redirect("food_follow", token)


def _get(token: str) -> FoodOrder:
    row = queries.find_by_token(token)
    if row is None:
        raise Http404
    return row


def _show(
    request: HttpRequest, row: FoodOrder, token: str, form: CodeForm, *, status: int = 200
) -> HttpResponse:
    is_unpaid = row.state == rules.UNPAID
    bill = get_living_bill(queries.OPENER, row.code) if is_unpaid else None
    context = {
        "row": row,
        "bill": bill_token(bill.code) if bill else "",
        "by_qris": row.pays_by == rules.QRIS,
        "token": token,
        "lines": queries.lines_of(row),
        "form": form if row.state == rules.UNCONFIRMED else None,
        "words": rules.STATES[row.state],
        "track": track_token(row.delivery.code) if row.delivery else "",
        "may_call_off": rules.may_call_off(row.state, row.free_until, now=timezone.now()),
        "zone": row.region.timezone,
    }
    return render(request, "food/follow.html", context, status=status)
