"""The pages that belong to no capability: the language switch, and errors."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gancang.web.middleware import LANGUAGE_COOKIE, REQUEST_ID


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back to where the visitor was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=365 * 86400, samesite="Lax")
    return response


# Whoever is turned away reads why; what waits behind the menu is not counted for that.
TURNED_AWAY = {"turned_away": True}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself made no sense."""
    del exception
    return render(request, "web/400.html", TURNED_AWAY, status=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: somebody else's page."""
    del exception
    return render(request, "web/403.html", TURNED_AWAY, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing of yours."""
    del exception
    return render(request, "web/404.html", TURNED_AWAY, status=404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long or came from elsewhere."""
    del reason
    return render(request, "web/form_expired.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault. Needs no database, session or context: what is broken may be theirs."""
    del request
    page = render_to_string("web/500.html", {"request_id": REQUEST_ID.get()})
    return HttpResponse(page, status=500)
