"""Programmes with their applications, one application with its history, applying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.enrolment import actions, queries, rules
from gancang.enrolment.forms import ApplyForm, OverrideForm, PapersForm, WordsForm
from gancang.enrolment.letter import letter_of
from gancang.programmes.queries import terms_of
from gancang.regions.queries import fact_kinds, list_villages, today_in
from gancang.residents.forms import FactForm
from gancang.residents.queries import read_person, reader_for
from gancang.values import Refused
from gancang.values.conditions import facts_named
from gancang.web.files import as_csv_file, as_file, csv_of
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.forms import Form
    from django.http import HttpResponse, QueryDict

    from gancang.enrolment.models import Enrolment
    from gancang.programmes.models import Programme

CSV_ROWS_MAX = 20_000


def language() -> str:
    """In which language the page is read."""
    return get_language() or "id"


def deed_of(request: MemberRequest, note: str = "") -> actions.Deed:
    """Whoever asks is who does it, at his desk, now."""
    asker = request.membership
    return actions.Deed(
        by=asker.user.username, unit=asker.organisation, now=timezone.now(), note=note
    )


@for_roles(*queries.SEES)
def programmes(request: MemberRequest) -> HttpResponse:
    """The programmes in which people enrol, and how many stand where."""
    asker = request.membership
    counts = queries.counts_by_state(asker)
    on = today_in(asker.region, timezone.now())
    context = {
        "rows": [
            (row, [(state, counts.get(row.code, {}).get(state, 0)) for state in rules.STATES])
            for row in queries.list_applied_for(asker.region)
        ],
        "to_recheck": queries.to_recheck(asker, on=on).count(),
        "may_apply": asker.role in queries.APPLIES,
        "may_import": asker.role in queries.DECIDES,
    }
    return render(request, "enrolment/programmes.html", context)


def programme_of(request: MemberRequest, programme: str) -> Programme:
    """The programme of that code, or 404."""
    for row in queries.list_applied_for(request.membership.region):
        if row.code == programme:
            return row
    raise Http404


def _chosen(request: MemberRequest, programme: Programme) -> QuerySet[Enrolment]:
    rows = queries.visible_to(request.membership).filter(programme_code=programme.code)
    if (state := request.GET.get("state", "")) in rules.STATES:
        rows = rows.filter(state=state)
    if village := request.GET.get("village", "").replace("\0", ""):
        rows = rows.filter(village__code=village)
    if code := request.GET.get("q", "").replace("\0", "").strip():
        rows = rows.filter(code__iexact=code[:20])
    return rows


@for_roles(*queries.SEES)
def listing(request: MemberRequest, programme: str) -> HttpResponse:
    """The applications of one programme, by state and village."""
    asker, row = request.membership, programme_of(request, programme)
    page = page_after(_chosen(request, row), key=("-id",), cursor=request.GET.get("after", ""))
    context = {
        "programme": row,
        "enrolling": rules.enrolling_of(row.terms),
        "page": page,
        "rows": queries.people_of(asker, page.rows, now=timezone.now()),
        "states": rules.STATES.items(),
        "villages": list_villages(asker.region),
        "state": request.GET.get("state", ""),
        "village": request.GET.get("village", ""),
        "q": request.GET.get("q", ""),
        "query": request.GET.urlencode(),
        "sees_field": asker.role in queries.APPLIES and asker.role != Role.COUNTER_CLERK,
        "zone": asker.region.timezone,
    }
    return render(request, "enrolment/list.html", context)


@for_roles(*queries.SEES)
def listing_csv(request: MemberRequest, programme: str) -> HttpResponse:
    """The same list as a table, names and places but no numbers of cards."""
    asker, row = request.membership, programme_of(request, programme)
    found = list(_chosen(request, row).order_by("id")[:CSV_ROWS_MAX])
    heads = [_("Code"), _("State"), _("Name"), _("Village"), _("District"), _("Applied on")]
    lines = [
        [
            each.code,
            _(rules.STATES[rules.State(each.state)]),
            person.full_name if person else "",
            each.village.name,
            each.village.district.name,
            today_in(asker.region, each.applied_at).isoformat(),
        ]
        for each, person in queries.people_of(asker, found, now=timezone.now())
    ]
    return as_csv_file(csv_of(heads, lines), f"{row.code}.csv")


@for_roles(*queries.SEES)
def rechecks(request: MemberRequest) -> HttpResponse:
    """Whose proofs are too old by now, the oldest first: to be asked again before he is served."""
    asker = request.membership
    on = today_in(asker.region, timezone.now())
    rows = queries.to_recheck(asker, on=on)
    page = page_after(rows, key=("check_by", "id"), cursor=request.GET.get("after", ""))
    found = queries.people_of(asker, page.rows, now=timezone.now())
    return render(request, "enrolment/rechecks.html", {"page": page, "rows": found})


@for_roles(*queries.APPLIES)
@sensitive_post_parameters()
def apply(request: MemberRequest) -> HttpResponse:
    """Somebody applies, at a desk."""
    region = request.membership.region
    offered = [
        (title, [(row.code, row.name) for row in rows])
        for title, rows in (
            (_("Programmes in which people enrol"), queries.list_enrolling(region)),
            (_("Where the rules shut somebody out"), queries.list_deciding(region)),
        )
        if rows
    ]
    form = ApplyForm(
        request.POST or None,
        programmes=offered,
        initial={"person": request.GET.get("person", "")[:30]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _applied(request, form)
        except Refused as refusal:
            form.add_error("person", sentence_of(refusal))
        else:
            messages.success(request, _("The application is written down."))
            return redirect("enrolment:enrolment", made.code)
    context = {"form": form, "offered": offered}
    return render(request, "enrolment/apply.html", context, status=400 if form.errors else 200)


def _applied(request: MemberRequest, form: ApplyForm) -> Enrolment:
    typed, asker = form.cleaned_data, request.membership
    person = queries.find_applicant(asker, typed["person"], now=timezone.now())
    if person is None:
        raise Refused(rules.Why.NO_SUCH_PERSON)
    queries.refuse_other_village(asker, person)
    deed = deed_of(request, typed["note"])
    made = actions.apply_all([person.number], typed["programme"], asker.region, deed)[0]
    if isinstance(made, Refused):
        raise made
    return made


@for_roles(*queries.SEES)
def enrolment(request: MemberRequest, code: str) -> HttpResponse:
    """One application: where it stands and why, what it lacks, what can be done, its history."""
    return enrolment_page(request, queries.get_enrolment(request.membership, code))


def enrolment_page(
    request: MemberRequest, row: Enrolment, forms: dict[str, Form] | None = None
) -> HttpResponse:
    """The page of one application; with a form's mistakes, where there are any."""
    asker, now, forms = request.membership, timezone.now(), forms or {}
    on = today_in(row.region, now)
    person = read_person(reader_for(asker, purpose="enrolment", now=now), row.resident_id)
    enrolling = rules.enrolling_of(row.programme.terms)
    may_act = asker.role in queries.APPLIES
    context = {
        "row": row,
        "person": person,
        "rule": queries.sentence_for(row, language=language()),
        "ways": queries.rules_shown(row, language=language()),
        "proofs": queries.proofs_shown(row, language=language(), on=on),
        "lacks": queries.checklist_of(row, language=language()),
        "reason": queries.reason_of(row),
        "unserved": _unserved(row, on),
        "flags": queries.flags_shown(row, language=language()),
        "steps": queries.steps_of(row),
        "zone": row.region.timezone,
        "may_act": may_act,
        "may_decide": asker.role in queries.DECIDES,
        "may_appeal": row.state == rules.State.REFUSED
        and row.appeal_until is not None
        and row.appeal_until >= on,
        "sees_field": may_act and asker.role != Role.COUNTER_CLERK,
        "sees_registry": asker.role not in (Role.VILLAGE_CLERK, Role.AUDITOR),
        "papers_form": papers_form(row) if enrolling.documents else None,
        "fact_form": forms.get("fact") or fact_form(row),
        "words_form": forms.get("words") or WordsForm(),
        "appeal_form": forms.get("appeal") or WordsForm(auto_id="appeal_%s"),
        "decide_form": forms.get("decide") or OverrideForm(auto_id="decide_%s"),
    }
    status = 400 if any(form.errors for form in forms.values()) else 200
    return render(request, "enrolment/enrolment.html", context, status=status)


def _unserved(row: Enrolment, on: date) -> str:
    why = rules.why_not_served(
        row.state, check_by=row.check_by, ends_on=row.ends_on, on=on, starts_on=row.starts_on
    )
    day = f"{row.starts_on:%d-%m-%Y}" if row.starts_on else ""
    told = (rules.Why.FACTS_TOO_OLD, rules.Why.NEXT_CYCLE)
    return sentence_of(Refused(why, day=day)) if why in told else ""


def papers_form(row: Enrolment) -> PapersForm:
    """The papers that the programme asks for, those seen ticked."""
    asked = rules.enrolling_of(row.programme.terms).documents
    return PapersForm(papers=asked, initial={"papers": row.documents})


def fact_form(row: Enrolment, typed: QueryDict | None = None) -> FactForm:
    """The facts that the programme's rules ask for, and no others; with what was typed."""
    asked = {
        name for clause in terms_of(row.programme).clauses for name in facts_named(clause.when)
    }
    kinds = {code: kind for code, kind in fact_kinds(row.region).items() if code in asked}
    return FactForm(typed, kinds=kinds, language=language())


@for_roles(*queries.SEES)
def letter(request: MemberRequest, code: str) -> HttpResponse:
    """The letter that tells the person what was decided, why, and how to appeal."""
    row = queries.get_enrolment(request.membership, code)
    now = timezone.now()
    person = read_person(
        reader_for(request.membership, purpose="letter of decision", now=now), row.resident_id
    )
    told = letter_of(row, person, on=today_in(row.region, now))
    return as_file(told, f"{row.code}.pdf", "application/pdf")
