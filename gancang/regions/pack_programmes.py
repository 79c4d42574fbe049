"""What a programme is, as keys of its file: the one schema of packs, of pages and of exports."""

from gancang.regions.pack_enrolling import ENROLLING
from gancang.regions.pack_values import (
    CLOCK,
    CODE,
    Key,
    area_ceilings,
    day,
    one_of,
    text,
    texts,
    whole,
    wholes,
    yes_or_no,
)

# By what a case may be proved. A level is enforced where it is taken, never on a page alone.
PROOFS = {
    "code": "the code of the letter",
    "birth_date": "the date of birth",
    "card": "the code of the receiver's own card",
    "signature": "a signature on the rider's screen",
    "photo": "a photo, with consent",
    "witness": "a witness with name and office",
    "tick": "the carrier's word",
    "callback": "another office rings the receiver later; nobody is paid before he said yes",
    "note": "the record of a visit",
    "trip": "the log of a ride: when it began and ended, how many came along",
    "count": "how many people came along",
    "bank": "the line of the bank's statement",
}
# Of a meal by a calendar: no letter with a code goes out, and nobody draws at every door.
PROOFS_OF_MEALS = ("tick", "card", "birth_date")
# Which of them suffice for which kind. A medicine has its own rule.
PROOFS_OF = {
    "deliver": ("code", "birth_date", "card", "signature", "photo", "witness", "tick", "callback"),
    "visit": ("note", "card", "signature", "witness", "tick", "callback"),
    "ride": ("trip", "count", "callback"),
    "transfer": ("bank",),
}
PROGRAMME = {
    "code": Key(CODE, "name of the programme in all its versions"),
    "version": Key(whole(1, 10_000), "raise it with every change; a loaded version never changes"),
    "name": Key(text(120), "name as people know it"),
    "description": Key(text(1000), "what it is for, in a sentence or two"),
    "kind": Key(
        one_of("deliver", "visit", "ride", "transfer"),
        "deliver: a rider brings it; visit: staff comes to the house (of medicine: the house's own "
        "pharmacist); ride: somebody is taken along; transfer: money is paid by a bank",
    ),
    "rank": Key(
        whole(1, 100),
        "of the programmes for one class of goods, the lowest rank that lets a case in decides; "
        "left out: 1",
        needed=False,
    ),
    "item_class": Key(CODE, "class of goods, for which riders are trained"),
    "item": Key(
        text(60),
        "what is brought or done, in the words of a letter, e.g. dokumen Anda; "
        "left out: the programme's name",
        needed=False,
    ),
    "proof": Key(
        texts,
        "levels of proof that suffice, the required one first, then the fallbacks that are "
        f"allowed: {', '.join(PROOFS)}; left out: code, birth_date (as all medicine); "
        "of a visit note, of a ride trip, of a transfer bank, of a meal by a calendar tick",
        needed=False,
    ),
    "callback_hours": Key(
        whole(1, 720),
        "proof callback: hours within which the receiver is rung; later it is overdue and stays "
        "held until a second person decides; left out: 72",
        needed=False,
    ),
    "callback_tries": Key(
        whole(1, 20),
        "proof callback: after so many calls in vain a second person may decide; left out: 3",
        needed=False,
    ),
    "may_be_left": Key(
        yes_or_no,
        "true: it may be left at the door, with a photo of the place; never medicine; "
        "left out: false",
        needed=False,
    ),
    "unit_price_rp": Key(
        whole(0, 10**9),
        "visit, ride, transfer: what one case costs the funds; left out: the [[amount]] that "
        "holds, or nothing",
        needed=False,
    ),
    "once": Key(
        one_of("ever", "year"),
        "visit, ride, transfer: nobody gets it a second time, ever or in one year; left out: as "
        "often as it is planned",
        needed=False,
    ),
    "counts_people": Key(
        yes_or_no,
        "ride: nobody is named, who comes along is counted; left out: false",
        needed=False,
    ),
    "verify_first": Key(
        yes_or_no,
        "transfer: paid only after somebody saw it in the field; left out: false",
        needed=False,
    ),
    "report_days": Key(
        whole(1, 366),
        "transfer: days after the payment until a report of spending is due; left out: none",
        needed=False,
    ),
    "meal_rp": Key(
        whole(0, 10**6), "meals by a calendar: what the stall gets for one", needed=False
    ),
    "stop_rp": Key(
        whole(0, 10**6),
        "meals by a calendar: what the courier's fleet gets for a door at which somebody was seen",
        needed=False,
    ),
    "stops_max": Key(
        whole(1, 60), "meals by a calendar: doors of one round at most; left out: 18", needed=False
    ),
    "round_minutes": Key(
        whole(10, 480),
        "meals by a calendar: how long a round takes at most; left out: 120",
        needed=False,
    ),
    "turn_days": Key(
        whole(1, 366),
        "meals by a calendar: after so many days the other of the two nearest stalls cooks; "
        "left out: always the nearest",
        needed=False,
    ),
    "if_stall_fails": Key(
        one_of("next", "turn", "none"),
        "meals by a calendar: who cooks where a stall is shut or full: the next nearest with room; "
        "only the other of the two that take turns; or nobody, the meal waits for a person to "
        "decide; left out: next",
        needed=False,
    ),
    "welfare_misses": Key(
        whole(1, 10),
        "meals by a calendar: not seen so many times in a row, the village is told; left out: 2",
        needed=False,
    ),
    "active_from": Key(day, "first day"),
    "until": Key(day, "last day; left out: open end", needed=False),
    "facts_max_age_days": Key(whole(1, 3650), "older proofs have to be checked again"),
    "from_organisations": Key(texts, "codes of the organisations it starts from; empty: any"),
    "carriers": Key(texts, "codes of the organisations whose riders carry; empty: any"),
    "training_class": Key(
        CODE, "training that a rider needs; left out: only where no rider carries", needed=False
    ),
    "patient_pays_rp": Key(
        whole(0, 10**7), "what the patient pays of each delivery; left out: 0", needed=False
    ),
    "patient_pays_percent": Key(
        whole(1, 100), "or the patient pays this part of the price; 100: all of it", needed=False
    ),
    "tariff": Key(
        CODE,
        "code of the tariff that prices a delivery; left out where no rider is asked",
        needed=False,
    ),
    "promise_minutes": Key(
        whole(10, 10_080),
        "minutes from placing to the door that are promised; left out: only where no rider carries",
        needed=False,
    ),
    "offer_seconds": Key(
        whole(10, 3600),
        "how long a rider has to answer an offer; left out: only where no rider carries",
        needed=False,
    ),
    "attempts_max": Key(
        whole(1, 10),
        "failed visits after which a person must step in; left out: only where no rider carries",
        needed=False,
    ),
    "retry_after_hours": Key(
        wholes(0, 720),
        "hours before it goes out again after the first, second, … failed visit, the last for all "
        "later ones; left out: 4, then 24",
        needed=False,
    ),
    "hold_days": Key(
        whole(0, 30),
        "days that a bag waits at a counter near the patient after a failed visit; 0: it goes back "
        "to the pharmacy; left out: 3",
        needed=False,
    ),
    "calls_through_operator": Key(
        yes_or_no,
        "riders ring the patient through the operator and see no number; left out: false",
        needed=False,
    ),
    "return_within_hours": Key(
        whole(1, 240),
        "hours after a failed visit until the bag is back, else an alarm; left out: 24",
        needed=False,
    ),
    "complaint_hours": Key(
        whole(1, 720), "hours in which a complaint is answered; left out: 72", needed=False
    ),
    "priority": Key(
        whole(1, 1000), "points lost where an order cannot be served; left out: 1", needed=False
    ),
    "on_board_minutes_max": Key(
        whole(5, 1440),
        "minutes from counter to door at most (cold medicine); left out: any",
        needed=False,
    ),
    "policy": Key(
        CODE, "policy by which its orders are planned; left out: the running one", needed=False
    ),
    **ENROLLING,
}
AGREEMENT = {
    "code": Key(text(80), "number or short name of the agreement"),
    "parties": Key(texts, "who signed"),
    "from": Key(day, "first day"),
    "until": Key(day, "last day"),
    "document": Key(text(300), "where the signed paper is kept"),
    "signatories": Key(texts, "who signed for each party", needed=False),
    "version": Key(whole(1, 1000), "raised with each renewal or change; left out: 1", needed=False),
    "areas": Key(
        texts, "codes of the districts and villages it is for; left out: all", needed=False
    ),
    "cap_rp": Key(
        whole(1), "the most that the fund whose [[funder]] names it gives in all", needed=False
    ),
}
CLAUSE = {
    "code": Key(CODE, "name of the rule, kept with every case that it decided"),
    "when": Key(text(500), "condition in CEL over `person`, e.g. person.pbi_active == true"),
    "sentence_id": Key(text(300), "the rule in Indonesian words"),
    "sentence_en": Key(text(300), "the rule in English words"),
}
FUNDER = {
    "fund": Key(CODE, "code of the fund"),
    "percent": Key(
        whole(1, 100),
        "its share; the shares of one turn add up to 100; odd rupiah: the first one; left out: 100",
        needed=False,
    ),
    "order": Key(
        whole(1, 9),
        "its turn: 1 is asked first; what it cannot pay whole falls to the next, to the rupiah; "
        "left out: 1",
        needed=False,
    ),
    "agreement": Key(
        text(80),
        "code of the [[agreement]] that binds this fund alone: outside its days, areas and cap the "
        "next turn pays",
        needed=False,
    ),
    "ceiling_order_rp": Key(whole(1), "the most it pays of one order", needed=False),
    "ceiling_month_rp": Key(whole(1), "the most it pays of what a month asks for", needed=False),
    "ceiling_year_rp": Key(whole(1), "the most it pays of what a year asks for", needed=False),
    "area_ceilings": Key(
        area_ceilings,
        "the most it pays for a district: area, month_rp, year_rp (one of the two or both)",
        needed=False,
    ),
}
AMOUNT = {
    "when": Key(text(500), "condition in CEL over `person`, as of a [[clause]]"),
    "amount_rp": Key(whole(1, 10**9), "what one case costs whoever fulfils it; the first counts"),
}
FALLBACK = {
    "carrier": Key(CODE, "one of the programme's `carriers`"),
    "then": Key(
        CODE,
        "another of them, which is asked too once nobody of the first has taken an order in time, "
        "or at once where the first is switched off; until then it is not asked",
    ),
    "after_minutes": Key(whole(1, 1440), "how long the first has to take it"),
}
MEAL = {
    "code": Key(CODE, "name of a meal of the day"),
    "title": Key(text(60), "what people call it"),
    "opens": Key(CLOCK, "from then on it is brought"),
    "closes": Key(CLOCK, "until then it is there"),
}
