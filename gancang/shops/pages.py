"""The regency's and the villages' desks: who joins, what is lacking, what was decided."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form as NoForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.regions.queries import today_in
from gancang.residents.queries import find_people, reader_for
from gancang.shops import forms, joining, listing, overseeing, papers, queries
from gancang.shops.paper_rules import kinds_of
from gancang.values import N_, Refused
from gancang.web.files import as_csv_file
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.forms import Form

    from gancang.accounts.models import Membership
    from gancang.shops.models import Shop

SEES = (Role.PROGRAMME_OFFICER, Role.VILLAGE_CLERK, Role.AUDITOR, Role.ADMIN)
HELPS = (Role.PROGRAMME_OFFICER, Role.VILLAGE_CLERK, Role.ADMIN)
# A suspension is heard by somebody else, in an office of one officer by the admin.
DECIDES = queries.DECIDES


@for_roles(*SEES)
def listed(request: MemberRequest) -> HttpResponse:
    """Shops by where they stand, or by what is to be done; found by name, village or dish."""
    asker, now = request.membership, timezone.now()
    which, typed = listing.which_of(request.GET.get("which", "")), request.GET.get("q", "")[:80]
    found = listing.shops_of(asker, which, typed, on=today_in(asker.region, now))
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""))
    context = {
        "page": page,
        "lines": listing.lines_of(page.rows, now=now),
        "which": which,
        "views": [(code, _(words)) for code, words in listing.VIEWS.items()],
        "q": typed,
        "may_help": asker.role in HELPS,
    }
    return render(request, "shops/list.html", context)


@for_roles(*SEES)
def list_csv(request: MemberRequest) -> HttpResponse:
    """The whole list as a file."""
    asker, now = request.membership, timezone.now()
    which, typed = listing.which_of(request.GET.get("which", "")), request.GET.get("q", "")[:80]
    today = today_in(asker.region, now)
    data = listing.as_csv(listing.shops_of(asker, which, typed, on=today), now=now)
    return as_csv_file(data, f"gancang-shops-{today}.csv")


@for_roles(*SEES)
def where(request: MemberRequest) -> HttpResponse:
    """The villages in which no kitchen is open now, by district."""
    now, region = timezone.now(), request.membership.region
    context = {"districts": listing.without_kitchen(region, now=now), "now": now}
    return render(request, "shops/where.html", context | {"zone": region.timezone})


@for_roles(*HELPS)
@sensitive_post_parameters("nik", "phone", "owner_name")
def join(request: MemberRequest) -> HttpResponse:
    """A shop joins at the desk: its owner stands here, or somebody who helps."""
    asker, now = request.membership, timezone.now()
    office = asker.organisation
    village = office.village if office and asker.role == Role.VILLAGE_CLERK else None
    form = forms.DeskForm(request.POST or None, region=asker.region, village=village)
    if request.method == "POST" and form.is_valid():
        try:
            owner = _owner(asker, form.cleaned_data["nik"], now=now)
            asked = form.asked(phone=form.cleaned_data["phone"], resident=owner)
            shop = joining.apply(asked, region=asker.region, by=request.user.username, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Written down. Below stands what is lacking."))
            return redirect("shops:one", shop.pk)
    context = {"form": form, "village": village, "region": asker.region}
    return render(request, "shops/join.html", context, status=400 if form.errors else 200)


def _owner(asker: Membership, nik: str, *, now: datetime) -> int | None:
    # Who is in the register is pointed at; nobody is entered into it for the sake of a shop.
    if not nik.strip():
        return None
    found = find_people(reader_for(asker, purpose="shop", now=now), nik.strip(), most=2)
    return found[0].number if len(found) == 1 else None


@for_roles(*SEES)
def one(request: MemberRequest, number: int) -> HttpResponse:
    """One shop with its story: what is lacking, papers, checks, suspensions."""
    return _page(request, queries.get_shop(request.membership, number))


def _page(
    request: MemberRequest, shop: Shop, wrong: tuple[str, Form] | None = None
) -> HttpResponse:
    now, role = timezone.now(), request.membership.role
    today = today_in(shop.region, now)
    kinds = kinds_of(shop.region.config, shop.kind, on=today)
    made = {
        "paper": forms.PaperForm(kinds=kinds),
        "assist": forms.AssistForm(),
        "reject": forms.WhyForm(prefix="reject"),
        "check": forms.CheckForm(initial={"on": today}, prefix="check"),
        "suspend": forms.SuspendForm(prefix="suspend"),
        "lift": forms.WhyForm(prefix="lift"),
        "appeal": forms.WhyForm(prefix="appeal"),
        "hear": forms.HearForm(prefix="hear"),
    }
    made |= dict([wrong]) if wrong else {}
    context = {
        "shop": shop,
        "forms": made,
        "wrong": wrong[0] if wrong else "",
        "may_help": role in HELPS,
        "may_decide": role in DECIDES,
        "zone": shop.region.timezone,
        "today": today,
        "kinds": kinds,
        **listing.story_of(shop, now=now),
    }
    return render(request, "shops/one.html", context, status=400 if wrong else 200)


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed behind a button of a shop's page: its form, who does it, what is said then."""

    form: Callable[..., Form]
    do: Callable[[Shop, dict[str, Any], MemberRequest, datetime], str | None]
    said: str
    roles: tuple[Role, ...] = DECIDES


def _show(shop: Shop, told: dict[str, Any], request: MemberRequest, now: datetime) -> None:
    kind = papers.get_kind(shop, told["kind"], on=today_in(shop.region, now))
    # A village's clerk passes on what the owner showed; the regency compares.
    seen = request.membership.role == Role.PROGRAMME_OFFICER
    papers.show(shop, kind, told["typed"], by=request.user, seen=seen, now=now)


def _compare(shop: Shop, told: dict[str, Any], request: MemberRequest, now: datetime) -> None:
    papers.compare(queries.get_paper(shop, told["number"]), by=request.user, now=now)


def _check(shop: Shop, told: dict[str, Any], request: MemberRequest, now: datetime) -> None:
    overseeing.check(shop, told["found"], by=request.user, now=now)


def _suspend(shop: Shop, told: dict[str, Any], request: MemberRequest, now: datetime) -> None:
    overseeing.suspend(shop, told["why"], told["until"], by=request.user, now=now)


DEEDS = {
    "approve": Deed(
        NoForm,
        lambda shop, _told, request, now: joining.approve(shop, by=request.user, now=now),
        N_("Approved. The owner is invited by letter."),
    ),
    "reject": Deed(
        forms.WhyForm,
        lambda shop, told, request, now: joining.reject(
            shop, told["why"], by=request.user, now=now
        ),
        N_("Rejected, and the owner is told why."),
    ),
    "paper": Deed(forms.PaperForm, _show, N_("The paper is noted."), HELPS),
    "compare": Deed(forms.NumberForm, _compare, N_("Compared with the original.")),
    "assist": Deed(
        forms.AssistForm,
        lambda shop, told, request, now: papers.assist(
            shop, told["helper"], told["until"], told["steps"], by=request.user, now=now
        ),
        N_("The plan is written down."),
        HELPS,
    ),
    "step": Deed(
        forms.NumberForm,
        lambda shop, told, request, now: papers.do_step(
            shop, told["number"], by=request.user, now=now
        ),
        N_("Done."),
        HELPS,
    ),
    "check": Deed(
        forms.CheckForm,
        _check,
        N_("The check is noted, and the owner is told."),
    ),
    "suspend": Deed(
        forms.SuspendForm,
        _suspend,
        N_("Suspended. The owner is told why, and may appeal."),
    ),
    "lift": Deed(
        forms.WhyForm,
        lambda shop, told, request, now: overseeing.lift(
            shop, told["why"], by=request.user, now=now
        ),
        N_("The suspension is lifted."),
    ),
    "appeal": Deed(
        forms.WhyForm,
        lambda shop, told, request, now: overseeing.appeal(
            shop, told["why"], by=request.user, now=now
        ),
        N_("Written down. Somebody who did not suspend the shop decides."),
        HELPS,
    ),
    "hear": Deed(
        forms.HearForm,
        lambda shop, told, request, now: overseeing.hear(
            shop, told["why"], ends=told["ends"] == "yes", by=request.user, now=now
        ),
        N_("The appeal is decided, and the owner is told."),
    ),
}
PREFIXED = {"reject", "check", "suspend", "lift", "appeal", "hear"}


@for_roles(*DECIDES, Role.VILLAGE_CLERK)
@require_POST
@sensitive_post_parameters("number")
def deed(request: MemberRequest, number: int, deed: str) -> HttpResponse:
    """One deed about a shop; what was typed stays where it is refused."""
    asked = DEEDS.get(deed)
    if asked is None:
        raise Http404
    if request.membership.role not in asked.roles:
        raise PermissionDenied
    shop, now = queries.get_shop(request.membership, number), timezone.now()
    form = _form(asked, deed, shop, request, now=now)
    if not form.is_valid():
        return _page(request, shop, (deed, form))
    told = dict(form.cleaned_data)
    told |= {name: getattr(form, name)() for name in ("typed", "found") if hasattr(form, name)}
    try:
        link = asked.do(shop, told, request, now)
    except Refused as refusal:
        form.add_error(None, sentence_of(refusal))
        return _page(request, shop, (deed, form))
    messages.success(request, _(asked.said))
    if link:
        said = _("No letter can go there. Give this link to the owner, once: %(link)s")
        messages.warning(request, said % {"link": link})
    return redirect("shops:one", shop.pk)


def _form(asked: Deed, name: str, shop: Shop, request: MemberRequest, *, now: datetime) -> Form:
    told: dict[str, Any] = {"prefix": name} if name in PREFIXED else {}
    if asked.form is forms.PaperForm:
        today = today_in(shop.region, now)
        told["kinds"] = kinds_of(shop.region.config, shop.kind, on=today)
    return asked.form(request.POST, request.FILES, **told)


@for_roles(*SEES, Role.STALL)
def photo(request: MemberRequest, number: int, what: str, row: int) -> HttpResponse:
    """The photo of a paper or of a check. Looking at it is noted."""
    asker, now = request.membership, timezone.now()
    shop = queries.get_shop(asker, number)
    image = queries.find_photo(shop, what, row)
    if not image:
        raise Http404
    joining.note(shop, "shop.photo_seen", by=request.user.username, now=now, what=what)
    answer = HttpResponse(base64.b64decode(image), content_type="image/jpeg")
    answer["Cache-Control"] = "no-store"
    return answer
