"""The notes between shifts: written, read, taken over, found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.incidents import actions
from gancang.incidents.queries import (
    MAY_READ_NOTES,
    NOTES_SEARCHED,
    find_note_to_take,
    find_shift_notes,
    get_shift_note,
    shift_notes,
)
from gancang.values import Refused
from gancang.watch import queries
from gancang.watch.forms import NoteForm
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

WRITERS = (Role.OPERATOR, Role.ADMIN)


@for_roles(*MAY_READ_NOTES)
def notes(request: MemberRequest) -> HttpResponse:
    """All notes between shifts, the newest first; found by word, code or person."""
    asker, typed = request.membership, request.GET.get("q", "").strip()[:80]
    page = page_after(shift_notes(asker), key=("-id",), cursor=request.GET.get("after", ""))
    context = {
        "q": typed,
        "page": page,
        "rows": find_shift_notes(asker, typed) if typed else page.rows,
        "searched": NOTES_SEARCHED,
        "may_write": asker.role in WRITERS,
        "zone": asker.region.timezone,
    }
    return render(request, "watch/notes.html", context)


@for_roles(*WRITERS)
def new_note(request: MemberRequest) -> HttpResponse:
    """Hand the shift over: what is open is gathered, the words are one's own."""
    asker, now = request.membership, timezone.now()
    sections = queries.what_is_open(asker, now=now)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            note = actions.hand_over_shift(asker, words, left_open=queries.kept(sections), now=now)
        except Refused as refusal:
            form.add_error("words", sentence_of(refusal))
        else:
            messages.success(request, _("Written down. The next one sees it on the board."))
            return redirect("watch:note", note.pk)
    context = {
        "form": form,
        "sections": sections,
        "is_empty": not any(section.count for section in sections),
        "since": queries.since_then(asker, sections),
        "before": find_note_to_take(asker, now=now),
        "zone": asker.region.timezone,
    }
    return render(request, "watch/new_note.html", context, status=400 if form.errors else 200)


@for_roles(*MAY_READ_NOTES)
def note(request: MemberRequest, number: int) -> HttpResponse:
    """One note: what was open then, how it stands now, the words, who took over."""
    asker = request.membership
    found = get_shift_note(asker, number)
    sections = queries.sections_of(found)
    own = found.written_by == request.user.username
    context = {
        "note": found,
        "sections": sections,
        "since": queries.since_then(asker, sections),
        "may_take": asker.role in WRITERS and found.taken_at is None and not own,
        "zone": asker.region.timezone,
    }
    return render(request, "watch/note.html", context)


@for_roles(*WRITERS)
@require_POST
def take_over(request: MemberRequest, number: int) -> HttpResponse:
    """The next one has read it and goes on from there."""
    found = get_shift_note(request.membership, number)
    if request.POST.get("read") != "yes":
        messages.error(request, _("Tick that you have read it."))
        return redirect("watch:note", number)
    actions.take_over_shift(found, by=request.user.username, now=timezone.now())
    messages.success(request, _("Taken over. The watch is yours."))
    return redirect("watch:note", number)
