"""Menus for everybody: no log-in, no account, nothing that needs a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from gancang.menus import queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

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
