"""The editor of one rule: picked from lists or written freely, explained, and judged at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.programmes import drafting, drafts
from gancang.programmes.clauses import faults_in
from gancang.programmes.draft_pages import WRITES
from gancang.programmes.rule_forms import PICKS_MAX, RuleForm
from gancang.programmes.wording import rule_in_words
from gancang.regions.queries import fact_kinds
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from gancang.programmes.models import Draft
    from gancang.regions.facts import FactKind

LANGUAGES = ("id", "en")


@for_roles(WRITES)
def rule(request: MemberRequest, number: int, place: int) -> HttpResponse:
    """One rule of a draft; the place behind the last is a new one."""
    found = drafts.get_draft(request.membership, number)
    rules = list(found.told.get("clause") or [])
    if place > len(rules):
        raise Http404
    if found.state not in drafting.OPEN:
        return redirect("programmes:draft", found.pk)
    kinds = fact_kinds(request.membership.region)
    told = rules[place] if place < len(rules) else {}
    if request.method != "POST":
        form = RuleForm(told, kinds)
        form.initial["seen"] = found.saves
        return _rule_page(request, found, place, form, told)
    form = RuleForm(told, kinds, request.POST)
    if not form.is_valid():
        return _rule_page(request, found, place, form, told, status=400)
    rules[place : place + 1] = [form.told()]
    try:
        drafting.save(
            found,
            {**found.told, "clause": rules},
            step="who",
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, sentence_of(refusal))
        return _rule_page(request, found, place, form, told, status=409)
    messages.success(request, _("The rule is saved. Below is what it says."))
    return redirect("programmes:rule", found.pk, place)


def _rule_page(
    request: MemberRequest,
    found: Draft,
    place: int,
    form: RuleForm,
    told: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    kinds = fact_kinds(request.membership.region)
    when = str(told.get("when", ""))
    context = {
        "draft": found,
        "place": place,
        "form": form,
        "when": when,
        "words": [(code, rule_in_words(when, kinds, language=code)) for code in LANGUAGES],
        "faults": faults_in_words(when, kinds) if when else [],
        "kinds": kinds.values(),
        "picks_max": PICKS_MAX,
    }
    return render(request, "programmes/rule.html", context, status=status)


def faults_in_words(when: str, kinds: Mapping[str, FactKind]) -> list[str]:
    """All that is wrong with a rule, in the reader's language."""
    return [sentence_of(Refused(each.why, **_said(each.facts))) for each in faults_in(when, kinds)]


def _said(facts: Mapping[str, object]) -> dict[str, Any]:
    return {name: _(str(v)) if name.endswith("_type") else v for name, v in facts.items()}
