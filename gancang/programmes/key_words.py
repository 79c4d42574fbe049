"""A programme's keys as people read them: on which page of the builder, under which label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gancang.regions.pack_enrolling import ENROLLING
from gancang.regions.pack_schema import TOML
from gancang.regions.pack_writing import EVENTS
from gancang.values import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gancang.regions.pack_values import Key

TABLES: Mapping[str, Mapping[str, Key]] = TOML["programmes/*.toml"]
"""The schema: "" holds the programme's own keys, the others are lists of rows."""

NAME, WHO, WHAT, FROM, WHEN, PAYS, PROOF = "name", "who", "what", "from", "when", "pays", "proof"
LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the builder: its heading, and the keys and tables that stand on it."""

    slug: str
    title: str
    keys: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


_PLANNED = (
    Step(NAME, N_("Name and kind"), ("code", "version", "name", "description", "kind", "rank")),
    Step(WHO, N_("Who"), ("facts_max_age_days", "once", *ENROLLING), ("clause",)),
    Step(WHAT, N_("What"), ("item_class", "item", "on_board_minutes_max", "priority")),
    Step(
        FROM,
        N_("From and by whom"),
        ("from_organisations", "carriers", "training_class", "calls_through_operator", "policy"),
        ("fallback",),
    ),
    Step(
        WHEN,
        N_("When"),
        (
            "active_from",
            "until",
            "promise_minutes",
            "offer_seconds",
            "stops_max",
            "round_minutes",
            "turn_days",
            "welfare_misses",
        ),
        ("meal",),
    ),
    Step(
        PAYS,
        N_("Who pays"),
        (
            "tariff",
            "unit_price_rp",
            "meal_rp",
            "stop_rp",
            "patient_pays_rp",
            "patient_pays_percent",
        ),
        ("amount", "funder", "agreement"),
    ),
    Step(
        PROOF,
        N_("Proof and retry"),
        (
            "proof",
            "callback_hours",
            "callback_tries",
            "counts_people",
            "verify_first",
            "report_days",
            "may_be_left",
            "attempts_max",
            "retry_after_hours",
            "hold_days",
            "return_within_hours",
            "complaint_hours",
            "if_stall_fails",
        ),
        ("success",),
    ),
    Step(LETTERS, N_("Letters"), (), ("letter",)),
)


def _with_new_keys(planned: tuple[Step, ...]) -> tuple[Step, ...]:
    """A key that nobody has given a page yet stands on "What", so that none is ever missing."""
    told = {key for step in planned for key in step.keys}
    tables = {table for step in planned for table in step.tables}
    keys = tuple(key for key in TABLES[""] if key not in told)
    more = tuple(table for table in TABLES if table and table not in tables)
    return tuple(
        Step(
            step.slug,
            step.title,
            tuple(key for key in step.keys if key in TABLES[""])
            + (keys if step.slug == WHAT else ()),
            step.tables + (more if step.slug == WHAT else ()),
        )
        for step in planned
    )


STEPS = _with_new_keys(_PLANNED)
_STEP_OF = {key: step for step in STEPS for key in (*step.keys, *step.tables)}

LABELS = {
    "code": N_("Code"),
    "version": N_("Version"),
    "name": N_("Name"),
    "description": N_("What it is for"),
    "kind": N_("Kind"),
    "rank": N_("Rank among programmes for the same goods"),
    "item_class": N_("Class of goods"),
    "item": N_("What is brought, as letters say it"),
    "once": N_("Nobody gets it twice"),
    "unit_price_rp": N_("One visit, ride or transfer costs (rupiah)"),
    "meal_rp": N_("The stall gets for a meal (rupiah)"),
    "stop_rp": N_("The courier's fleet gets for a door (rupiah)"),
    "stops_max": N_("Meals: doors of one round at most"),
    "round_minutes": N_("Meals: a round takes at most (minutes)"),
    "turn_days": N_("Meals: stalls take turns after (days)"),
    "welfare_misses": N_("Meals: not seen so often in a row, the village looks"),
    "counts_people": N_("Ride: people are counted, not named"),
    "verify_first": N_("Transfer: seen in the field before it is paid"),
    "report_days": N_("Transfer: report of spending due after (days)"),
    "active_from": N_("First day"),
    "until": N_("Last day"),
    "enrols": N_("People enrol in it"),
    "documents": N_("Papers to be shown"),
    "complete_within_days": N_("Days to bring what lacks"),
    "verify": N_("Looked at in the field first"),
    "capacity": N_("Places"),
    "waiting_order": N_("Order of the waiting list"),
    "appeal_days": N_("Days for an appeal"),
    "not_with": N_("Not had beside it"),
    "per": N_("Not beside it: of whom"),
    "facts_max_age_days": N_("Proofs are checked again after (days)"),
    "from_organisations": N_("From where"),
    "carriers": N_("Who brings it"),
    "training_class": N_("Training that is needed"),
    "patient_pays_rp": N_("The recipient pays (rupiah)"),
    "patient_pays_percent": N_("The recipient pays (percent of the price)"),
    "tariff": N_("Tariff"),
    "promise_minutes": N_("Promised within (minutes)"),
    "offer_seconds": N_("Time to answer an offer (seconds)"),
    "attempts_max": N_("Failed visits until a person steps in"),
    "retry_after_hours": N_("Next try after (hours)"),
    "hold_days": N_("Days at a counter after a failed visit"),
    "calls_through_operator": N_("Riders ring through the operator"),
    "return_within_hours": N_("Back within (hours)"),
    "complaint_hours": N_("A complaint is answered within (hours)"),
    "priority": N_("Weight where not all can be served"),
    "on_board_minutes_max": N_("Minutes on the way at most"),
    "policy": N_("Planning policy"),
    "proof": N_("Proof at the door"),
    "callback_hours": N_("Call-back: rung within (hours)"),
    "callback_tries": N_("Call-back: calls in vain until another decides"),
    "may_be_left": N_("May be left at the door"),
    "meal": N_("Meals of the day"),
    "amount": N_("Amounts that depend on the person"),
    "freeze_day": N_("List frozen on day of the month"),
    "if_stall_fails": N_("Where a stall fails"),
    "success": N_("Numbers that show success"),
    "success.number": N_("Number"),
    "success.target": N_("Target"),
    "agreement": N_("Agreements"),
    "clause": N_("Rules: who may have it"),
    "funder": N_("Funders"),
    "agreement.code": N_("Number of the agreement"),
    "agreement.parties": N_("Parties"),
    "agreement.from": N_("From"),
    "agreement.until": N_("Until"),
    "agreement.document": N_("Where the paper is kept"),
    "agreement.signatories": N_("Signed by"),
    "agreement.version": N_("Version of the agreement"),
    "agreement.areas": N_("Districts and villages it is for"),
    "agreement.cap_rp": N_("The most its fund gives in all (Rp)"),
    "fallback": N_("Who stands in for a fleet"),
    "fallback.carrier": N_("Fleet that is asked first"),
    "fallback.then": N_("Fleet that stands in"),
    "fallback.after_minutes": N_("Nobody took it for (minutes)"),
    "letter": N_("Letters in words of its own"),
    "letter.event": N_("When it is written"),
    "letter.language": N_("Language"),
    "letter.text": N_("Words"),
    "letter.off": N_("It is not sent"),
    "meal.code": N_("Code of the meal"),
    "meal.title": N_("Name of the meal"),
    "meal.opens": N_("Brought from"),
    "meal.closes": N_("Brought until"),
    "amount.when": N_("Rule"),
    "amount.amount_rp": N_("Amount (rupiah)"),
    "clause.code": N_("Name of the rule"),
    "clause.when": N_("Rule"),
    "clause.sentence_id": N_("In Indonesian"),
    "clause.sentence_en": N_("In English"),
    "funder.fund": N_("Fund"),
    "funder.percent": N_("Percent"),
    "funder.order": N_("Turn"),
    "funder.agreement": N_("Agreement that binds this fund alone"),
    "funder.ceiling_order_rp": N_("The most it pays of one order (Rp)"),
    "funder.ceiling_month_rp": N_("The most it pays a month (Rp)"),
    "funder.ceiling_year_rp": N_("The most it pays a year (Rp)"),
    "funder.area_ceilings": N_("The most it pays for a district"),
}
HELPS = {
    "code": N_("Small letters, digits and hyphens, like rantang-kasih. It never changes."),
    "rank": N_("The lowest that lets a case in decides. Empty: 1."),
    "item_class": N_("Like medicine or meal. Riders are trained for it."),
    "item": N_("Like “makanan Rantang Kasih”. Empty: the programme's name."),
    "once": N_("Empty: as often as it is planned."),
    "unit_price_rp": N_("Empty: the amounts below, or nothing."),
    "stop_rp": N_("Only for a door at which somebody was seen."),
    "stops_max": N_("Empty: 18."),
    "round_minutes": N_("Empty: 120."),
    "turn_days": N_("Empty: always the nearest stall cooks."),
    "welfare_misses": N_("Empty: 2."),
    "meal.code": N_("One word, like pagi."),
    "meal.opens": N_("Like 07:30"),
    "amount.when": N_("The first that fits counts."),
    "fallback.then": N_("At once where the first is switched off. Both may then carry."),
    "letter.event": N_("Without a row, the letter stays as it always is."),
    "letter.language": N_("Empty: whoever reads no other, in Indonesian."),
    "letter.text": N_("What it may name in braces stands in the table above."),
    "letter.off": N_("Only what somebody can do without: {events}"),
    "until": N_("Empty: open end."),
    "from_organisations": N_("None ticked: from any."),
    "carriers": N_("None ticked: any fleet."),
    "training_class": N_("Mostly the same word as the class of goods."),
    "tariff": N_("It prices each delivery. None for a visit of the house's own staff."),
    "patient_pays_percent": N_("Either this or a fixed amount. 100: the whole price."),
    "retry_after_hours": N_("One number for each failed visit, like 4, 24."),
    "hold_days": N_("0: it goes back at once. Empty: 3."),
    "return_within_hours": N_("Empty: 24."),
    "complaint_hours": N_("Empty: 72."),
    "priority": N_("Empty: 1."),
    "on_board_minutes_max": N_("Empty: any."),
    "policy": N_("None: the one that runs."),
    "callback_hours": N_("Empty: 72. Overdue, it stays held until a second person decides."),
    "callback_tries": N_("Empty: 3."),
    "freeze_day": N_("Who is enrolled later is served a cycle later. Empty: at once."),
    "if_stall_fails": N_(
        "next: the next nearest stall cooks. turn: the other of the two. none: the meal waits."
    ),
    "success.number": N_("What is counted; it stands on the programme's page with its target."),
    "success.target": N_("Percent, rupiah, days or people; of costs and days at most so many."),
    "agreement.parties": N_("With commas between."),
    "clause.when": N_("Like person.desil >= 1 && person.desil <= 4"),
    "funder.percent": N_("All shares add up to 100. Odd rupiah: the first one."),
}
KINDS = {
    "deliver": N_("Deliver: a rider brings it"),
    "visit": N_("Visit: staff comes to the house"),
    "ride": N_("Ride: a person is taken along"),
    "transfer": N_("Transfer: money is paid"),
}
EVENT_WORDS = {
    "confirm": N_("Is the address right?"),
    "placed": N_("It will be brought"),
    "collected": N_("It is on its way"),
    "delivered": N_("It was handed over"),
    "failed": N_("Nobody was met"),
    "to_counter": N_("It goes to a counter"),
    "held": N_("It waits at a counter"),
    "onward": N_("It comes from the counter to the house"),
    "not_fetched": N_("Nobody fetched it"),
    "posted": N_("It goes by post"),
    "cancelled": N_("It was called off"),
    "told_late": N_("It comes later"),
    "planned": N_("A day is planned"),
    "paid": N_("The money is paid"),
    "lacks": N_("The application lacks something"),
    "accepted": N_("Enrolled"),
    "waiting": N_("On the waiting list"),
    "refused": N_("Refused, with the way to appeal"),
    "upheld": N_("The refusal stands after an appeal"),
    "ended": N_("The enrolment has ended"),
    "issued": N_("A balance was given"),
    "lapses": N_("A balance lapses in a week"),
}


def label_of(key: str, table: str = "") -> str:
    """A key as people read it. One that has no words yet is called by its own name."""
    words = LABELS.get(f"{table}.{key}" if table else key)
    return _(words) if words else key.replace("_", " ").capitalize()


def help_of(key: str, told: Key, table: str = "") -> str:
    """What a key means, for the line below its field."""
    words = HELPS.get(f"{table}.{key}" if table else key)
    if (table, key) == ("letter", "off"):
        events = [kind_in_words(each) for each, known in EVENTS.items() if known.may_be_off]
        return _(HELPS["letter.off"]).format(events="; ".join(events))
    if words is None:
        return "" if (f"{table}.{key}" if table else key) in LABELS else told.meaning
    return _(words)


def kind_in_words(kind: str) -> str:
    """A kind of programme, or what a letter is written for."""
    words = {**KINDS, **EVENT_WORDS}
    return _(words[kind]) if kind in words else kind


def step_of(key: str) -> Step:
    """On which page a key or a table stands. A key that the schema does not know: the first."""
    return _STEP_OF.get(key, STEPS[0])


def find_step(slug: str) -> Step | None:
    """The page of that address, or None."""
    return next((step for step in STEPS if step.slug == slug), None)
