"""The menu in its seller's hand: what is there, what is out, what it costs and looks like."""

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
from gancang.menus import queries, writing
from gancang.menus.forms import DishForm, GroupForm, PhotoForm, SectionForm, lines_of, shown_of
from gancang.values import N_, Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.menus.models import Dish, OptionGroup


@for_roles(Role.STALL)
def menu(request: MemberRequest) -> HttpResponse:
    """All that is sold, and one tap to say that it is out or there again."""
    seller = queries.seller_of(request.membership)
    context = {
        "seller": seller,
        "dishes_by_section": queries.menu_of(seller, now=timezone.now(), also_out=True),
        "retired": queries.retired_dishes(request.membership),
    }
    return render(request, "menus/menu.html", context)


@for_roles(Role.STALL)
def add(request: MemberRequest) -> HttpResponse:
    """A dish more."""
    seller = queries.seller_of(request.membership)
    form = DishForm(request.POST or None, seller=seller)
    if request.method == "POST" and form.is_valid():
        by, now = request.user.username, timezone.now()
        try:
            found = writing.write_dish(seller, form.terms(), by=by, now=now)
        except Refused as refusal:
            form.add_error("name", sentence_of(refusal))
        else:
            messages.success(request, _("It stands on the menu. A photo makes people hungry."))
            return redirect("menus:dish", found.pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "menus/add.html", {"form": form, "seller": seller}, status=status)


@for_roles(Role.STALL)
def dish(request: MemberRequest, number: int) -> HttpResponse:
    """One dish: its price, count and words; its photo, its options, and off the menu."""
    found = queries.get_dish(request.membership, number)
    form = DishForm(request.POST or None, seller=found.seller, initial=shown_of(found))
    if request.method == "POST" and form.is_valid():
        by, now = request.user.username, timezone.now()
        try:
            writing.change_dish(found, form.terms(), by=by, now=now)
        except Refused as refusal:
            form.add_error("name", sentence_of(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("menus:menu")
    return _dish_page(request, found, form=form, status=400 if request.method == "POST" else 200)


def _dish_page(
    request: MemberRequest,
    found: Dish,
    *,
    form: DishForm | None = None,
    photo: PhotoForm | None = None,
    group: GroupForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "dish": found,
        "is_out": not queries.is_there(found, now=timezone.now()),
        "form": form or DishForm(seller=found.seller, initial=shown_of(found)),
        "photo_form": photo or PhotoForm(auto_id="photo_%s"),
        "group_form": group or GroupForm(auto_id="group_%s"),
        "groups": queries.groups_of(found),
        "zone": found.seller.region.timezone,
    }
    return render(request, "menus/dish.html", context, status=status)


# What one tap does to a dish, and what is said then.
DEEDS = {
    "out": (writing.sell_out, N_("“%(dish)s” is out.")),
    "out-today": (writing.sell_out_today, N_("“%(dish)s” is out until tomorrow.")),
    "back": (writing.bring_back, N_("“%(dish)s” is there again.")),
    "retire": (writing.retire, N_("“%(dish)s” is off the menu. It waits at its end.")),
    "restore": (writing.restore, N_("“%(dish)s” stands on the menu again.")),
    "no-photo": (writing.drop_photo, N_("The photo is gone.")),
}


@for_roles(Role.STALL)
@require_POST
def deed(request: MemberRequest, number: int, deed: str) -> HttpResponse:
    """One tap."""
    found = queries.get_dish(request.membership, number)
    if deed in {"up", "down"}:
        writing.move_dish(found, up=deed == "up")
        return redirect("menus:menu")
    if deed not in DEEDS:
        raise Http404
    do, said = DEEDS[deed]
    by, now = request.user.username, timezone.now()
    is_done(request, partial(do, found, by=by, now=now), _(said) % {"dish": found.name})
    return redirect("menus:menu")


@for_roles(Role.STALL)
@require_POST
def photo(request: MemberRequest, number: int) -> HttpResponse:
    """How it looks."""
    found = queries.get_dish(request.membership, number)
    form = PhotoForm(request.POST, request.FILES, auto_id="photo_%s")
    if form.is_valid():
        by, now = request.user.username, timezone.now()
        try:
            writing.keep_photo(found, form.cleaned_data["photo"].read(), by=by, now=now)
        except Refused as refusal:
            form.add_error("photo", sentence_of(refusal))
        else:
            messages.success(request, _("The photo is on the menu."))
            return redirect("menus:dish", found.pk)
    return _dish_page(request, found, photo=form, status=400)


@for_roles(Role.STALL)
@require_POST
def add_group(request: MemberRequest, number: int) -> HttpResponse:
    """A question more."""
    found = queries.get_dish(request.membership, number)
    form = GroupForm(request.POST, auto_id="group_%s")
    if form.is_valid():
        told = form.cleaned_data
        writing.write_group(
            found, told["name"], told["choices"], least=int(told["is_asked"]), most=told["most"]
        )
        messages.success(request, _("Saved."))
        return redirect("menus:dish", found.pk)
    return _dish_page(request, found, group=form, status=400)


@for_roles(Role.STALL)
def group(request: MemberRequest, number: int) -> HttpResponse:
    """One question with its answers: written anew, an answer out or there again, or dropped."""
    found = queries.get_group(request.membership, number)
    form = GroupForm(request.POST or None, initial=lines_of(found))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        writing.change_group(
            found,
            told["choices"],
            name=told["name"],
            least=int(told["is_asked"]),
            most=told["most"],
        )
        messages.success(request, _("Saved."))
        return redirect("menus:dish", found.dish_id)
    status = 400 if request.method == "POST" else 200
    return render(request, "menus/group.html", {"group": found, "form": form}, status=status)


@for_roles(Role.STALL)
@require_POST
def drop_group(request: MemberRequest, number: int) -> HttpResponse:
    """It is asked no more."""
    found: OptionGroup = queries.get_group(request.membership, number)
    writing.drop_group(found)
    messages.success(request, _("“%(name)s” is asked no more.") % {"name": found.name})
    return redirect("menus:dish", found.dish_id)


@for_roles(Role.STALL)
@require_POST
def turn_choice(request: MemberRequest, number: int) -> HttpResponse:
    """An answer is out, or there again."""
    found = queries.get_choice(request.membership, number)
    writing.turn_choice(found)
    return redirect("menus:group", found.group_id)


@for_roles(Role.STALL)
def sections(request: MemberRequest) -> HttpResponse:
    """The headings of the menu."""
    seller = queries.seller_of(request.membership)
    form = SectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            writing.write_section(seller, form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", sentence_of(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("menus:sections")
    context = {"form": form, "sections": queries.sections_of(seller), "seller": seller}
    status = 400 if request.method == "POST" else 200
    return render(request, "menus/sections.html", context, status=status)


@for_roles(Role.STALL)
@require_POST
def section_deed(request: MemberRequest, number: int, deed: str) -> HttpResponse:
    """A heading goes up, down, away, or gets another name."""
    found = queries.get_section(request.membership, number)
    if deed in {"up", "down"}:
        writing.move_section(found, up=deed == "up")
    elif deed == "drop":
        writing.drop_section(found)
        said = _("“%(name)s” is gone; its dishes stay.") % {"name": found.name}
        messages.success(request, said)
    elif deed == "rename":
        form = SectionForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("A section has a name of 60 letters at most."))
        else:
            name = form.cleaned_data["name"]
            is_done(request, partial(writing.rename_section, found, name), _("Saved."))
    else:
        raise Http404
    return redirect("menus:sections")
