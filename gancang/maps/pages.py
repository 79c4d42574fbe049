"""What the map in a browser asks for: names on plain ground. Tiles come from gancang.live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from gancang.maps.queries import ground_of
from gancang.regions.queries import get_region

if TYPE_CHECKING:
    from django.http import HttpRequest

ONE_HOUR = "public, max-age=3600"


@require_GET
def ground(request: HttpRequest, region: str) -> JsonResponse:
    """The villages and districts of a region; public, as its name-boards are."""
    answer = JsonResponse(ground_of(get_region(region)))
    answer["Cache-Control"] = ONE_HOUR
    return answer
