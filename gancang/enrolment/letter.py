"""The letter of decision: what was decided, by which rule, on which facts, how to appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gancang.enrolment import queries, rules
from gancang.enrolment.links import appeal_url
from gancang.enrolment.rules import State
from gancang.enrolment.telling import own_sentence
from gancang.paper.decisions import Decision, as_pdf
from gancang.residents.templatetags.gancang_residents import value_words

if TYPE_CHECKING:
    from datetime import date

    from gancang.enrolment.models import Enrolment
    from gancang.residents.queries import Person


def letter_of(row: Enrolment, person: Person, *, on: date) -> bytes:
    """The letter as a PDF, in the language of the page."""
    language = get_language() or "id"
    proofs = queries.proofs_shown(row, language=language, on=on)
    return as_pdf(
        Decision(
            office=row.region.name,
            phone=row.region.phone,
            title=_("Decision on an application"),
            number=row.code,
            day=f"{on:%d-%m-%Y}",
            name=person.full_name,
            address=f"{person.address}, {person.village}, {person.district}",
            lines=_lines(row, language),
            heads=(_("What is known"), _("Value"), _("Who told it"), _("True on")),
            facts=[
                (each.words, value_words(each.value), _(each.source), f"{each.as_of:%d-%m-%Y}")
                for each in proofs
            ],
            lacks=[line.words for line in queries.checklist_of(row, language=language)],
            lacks_title=_("Still needed"),
            signed=_("The programme officer"),
        )
    )


def _lines(row: Enrolment, language: str) -> list[str]:
    told = {
        "programme": f"{row.programme.name} (v{row.programme.version})",
        "state": _(rules.STATES[State(row.state)]),
    }
    lines = [_("Programme: {programme}. It stands: {state}.").format(**told)]
    if own := own_sentence(row):
        lines.append(own)
    if rule := queries.sentence_for(row, language=language):
        lines.append(_("The rule that decided: {rule}.").format(rule=rule))
    if reason := queries.reason_of(row):
        lines.append(reason)
    if row.state == State.INCOMPLETE and row.due_on:
        lines.append(
            _("Please bring what is needed by {day}.").format(day=f"{row.due_on:%d-%m-%Y}")
        )
    if row.state == State.REFUSED and row.appeal_until:
        day = f"{row.appeal_until:%d-%m-%Y}"
        lines.append(
            _("You may appeal at any village office until {day}; it costs nothing.").format(day=day)
        )
        # On paper it is typed by hand: the address stands alone.
        lines.append(_("Or from home: {link}").format(link=appeal_url(row.code)))
    if row.overridden_by and row.ends_on:
        told = {"by": row.overridden_by, "day": f"{row.ends_on:%d-%m-%Y}"}
        lines.append(_("Let in by the decision of {by}, until {day}.").format(**told))
    return lines
