"""Where gateways tell what was paid: signed, now, twice is once. Nothing sent breaks anything."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseNotFound, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gancang.qris.adapters.gateway import Call, Forged, Rubbish
from gancang.qris.adapters.roads import gateway_named
from gancang.qris.receiving import take_notice
from gancang.regions.queries import get_region

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def notice(request: HttpRequest, gateway: str) -> HttpResponse:
    """A gateway tells of one payment: 200 once it is kept for good, 401 to whoever is not it."""
    found = gateway_named(gateway)
    if found is None:
        return HttpResponseNotFound("no such gateway")
    now = timezone.now()
    call = Call(path=request.path, headers=request.headers, body=request.body)
    try:
        told = found.read(call, now=now)
    except Forged:
        return JsonResponse(found.answer(is_taken=False), status=401)
    except Rubbish as error:
        log.warning("a notice that says nothing", extra={"gateway": gateway, "why": str(error)})
        return JsonResponse(found.answer(is_taken=False), status=400)
    take_notice(told, gateway=gateway, region=get_region(settings.QRIS_REGION), now=now)
    return JsonResponse(found.answer(is_taken=True))
