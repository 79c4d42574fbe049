"""Menus for everybody: no log-in, no account, nothing that needs a script."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gancang.menus import exposing, queries, searching
from gancang.menus.forms import SearchForm
from gancang.menus.ranking import Weights
from gancang.regions.queries import list_regions, today_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

WHATSAPP = "https://wa.me/?"  # opens the app, or its page, with the words to send
A_YEAR = 365 * 24 * 3600


@require_safe
def photo(request: HttpRequest, digest: str, size: str) -> HttpResponseBase:
    """How a dish looks. Another photo has another address: a telephone may keep this one."""
    etag = f'"{digest}-{size}"'
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponseBase = HttpResponseNotModified()
    else:
        picture = queries.find_photo(digest, is_small=size == "small")
        if picture is None:
            raise Http404
        answer = HttpResponse(picture, content_type="image/jpeg")
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return answer


@require_safe
def everywhere(request: HttpRequest) -> HttpResponse:
    """Who sells what somebody craves, near a place; the order follows the published rule."""
    regions = list_regions()
    form = SearchForm(request.GET, regions=regions)
    region = form.region()
    if region is None:
        return render(request, "menus/everywhere.html", {"form": form, "region": None})
    now = timezone.now()
    asked = form.asked(region)
    found, more = searching.search(region, asked, now=now)
    day = today_in(region, now)
    if request.method == "GET":
        exposing.count([each.seller.pk for each in found], on=day)
    context = {
        "form": form,
        "shop_region": region,
        "found": found,
        "asked": asked,
        "more": form.address(page=asked.page + 1) if more else "",
        "zone": region.timezone,
    }
    return render(request, "menus/everywhere.html", context)


@require_safe
def shop(request: HttpRequest, code: str) -> HttpResponse:
    """One kitchen or shop: what it sells, when it is open, which papers it has."""
    chosen = searching.find_sellers(code, slug=request.GET.get("daerah", ""))
    if not chosen:
        raise Http404
    if len(chosen) > 1:
        return render(request, "menus/which.html", {"sellers": chosen})
    now = timezone.now()
    front = searching.front_of(chosen[0], now=now)
    address = own_address(request)
    context = {"front": front, "zone": chosen[0].region.timezone, "address": address}
    context["whatsapp"] = WHATSAPP + urlencode({"text": f"{front.seller.name} {address}"})
    return render(request, "menus/shop.html", context)


def own_address(request: HttpRequest) -> str:
    """The page's public address, for those who pass it on."""
    return f"{settings.PUBLIC_URL}{request.get_full_path()}"


@require_safe
def order(request: HttpRequest) -> HttpResponse:
    """Why who stands where: the rule in words, with the weights of today."""
    form = SearchForm(request.GET, regions=list_regions())
    region, now = form.region(), timezone.now()
    weights = searching.weights_of(region, on=today_in(region, now)) if region else Weights()
    return render(request, "menus/order.html", {"weights": weights, "shop_region": region})
