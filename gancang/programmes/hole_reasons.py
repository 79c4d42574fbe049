"""The kinds of holes of a programme, and how each is mended."""

from __future__ import annotations

from gancang.values import N_, Reason


class Why(Reason):
    """The kinds of holes, each with how it is mended."""

    MISSING = "missing", N_("It is missing. Fill it in.")
    WRONG = "wrong", N_("{value} does not fit. Write something else.")
    NO_CLAUSE = "no_clause", N_("No rule lets anybody in. Write at least one.")
    BAD_RULE = "bad_rule", N_("The rule {row} cannot be used. Open it: it says what to mend.")
    ROW_TWICE = "row_twice", N_("{row} stands twice. Keep one, or give the other another name.")
    NOBODY_PAYS = (
        "nobody_pays",
        N_("Nobody pays what the recipient does not. Name a fund, or let him pay 100 percent."),
    )
    SHARES = "shares", N_("The shares of the funds add up to {total}. Make them 100.")
    PAYS_TWICE = (
        "pays_twice",
        N_("The recipient pays both a fixed amount and a part. Keep one of the two."),
    )
    UNKNOWN_FUND = "unknown_fund", N_("This region has no fund {code}. Choose one that it has.")
    NO_BUDGET = (
        "no_budget",
        N_(
            "The fund {code} has no budget for this programme in {year}. Have the treasurer enter "
            "one, or choose another fund."
        ),
    )
    NO_TARIFF = "no_tariff", N_("No tariff prices it. Choose one, or make it a visit.")
    UNKNOWN_TARIFF = "unknown_tariff", N_("This region has no tariff {code}. Choose one it has.")
    TARIFF_NOT_IN_FORCE = (
        "tariff_not_in_force",
        N_("The tariff {code} is not in force on {on}. Choose another, or another first day."),
    )
    MEAL_BACKWARDS = (
        "meal_backwards",
        N_("{row} ends before it begins. Mend one of the two times."),
    )
    NO_AGREEMENT = (
        "no_agreement",
        N_("No agreement (MoU) is told. Put the signed one in, with its days."),
    )
    AGREEMENT_ENDED = (
        "agreement_ended",
        N_("No agreement is in force on {on}. Renew it, and put the new one in."),
    )
    NEVER_OPENS = "never_opens", N_("It never opens: the last day is before {on}. Mend the days.")
    NO_PROOF = (
        "no_proof",
        N_("Nothing proves that it arrived. Name at least one level of proof."),
    )
    PROVES_NOTHING = (
        "proves_nothing",
        N_("“{level}” proves nothing here. Choose of: {levels}."),
    )
    CALLBACK_ALONE = (
        "callback_alone",
        N_("Who has no telephone cannot be rung. Name another level too, like witness."),
    )
    NOBODY_RINGS = (
        "nobody_rings",
        N_("Nobody is rung: callback is no proof of it. Name that level, or empty this."),
    )
    NOBODY_TO_RING = (
        "nobody_to_ring",
        N_("Nobody is named who could be rung. Take callback away."),
    )
    MEDICINE_LEFT = (
        "medicine_left",
        N_("Medicine is never left at a door. Take the tick away."),
    )
    UNKNOWN_ORIGIN = (
        "unknown_origin",
        N_("This region has no organisation {code}. Choose another."),
    )
    UNKNOWN_AREA = (
        "unknown_area",
        N_("This region has no district or village {code}. Write one of its own, or none."),
    )
    UNKNOWN_AGREEMENT = (
        "unknown_agreement",
        N_("No agreement {code} is told in this programme. Put it in, or take this away."),
    )
    UNKNOWN_STALL = "unknown_stall", N_("This region has no stall {code}. Choose one that it has.")
    UNKNOWN_CARRIER = "unknown_carrier", N_("This region has no fleet {code}. Choose another.")
    UNKNOWN_POLICY = "unknown_policy", N_("This region has no policy {code}. Choose another.")
    CIRCULAR = (
        "circular",
        N_("The fallback leads back here: {ring}. Let it end at a fleet outside the ring."),
    )
    UNKNOWN_FALLBACK = (
        "unknown_fallback",
        N_(
            "{code} is not among the fleets of this programme. "
            "Tick it under who brings it, or choose another."
        ),
    )
    NOBODY_ENROLS = (
        "nobody_enrols",
        N_("Nobody enrols in it. Tick that people enrol, or take this away."),
    )
    NOBODY_NAMED = (
        "nobody_named",
        N_("It counts people and names nobody, so nobody can enrol. Keep one of the two."),
    )
    UNKNOWN_FACT = (
        "unknown_fact",
        N_("Nobody tells the fact {code} here. Order the list by a fact that there is."),
    )
    UNKNOWN_AID = (
        "unknown_aid",
        N_("{code} is neither a programme nor a fact of this region. Choose another, or none."),
    )
    NO_STALLS = "no_stalls", N_("Only meals by a calendar have stalls. Take this away.")
    NO_TURN = (
        "no_turn",
        N_("No stalls take turns. Say after how many days they do, or choose another way."),
    )
    NOTHING_TO_COUNT = (
        "nothing_to_count",
        N_("{number} cannot be counted: nobody enrols in it. Choose another number."),
    )
    NOT_WRITTEN = (
        "not_written",
        N_("This kind of programme never writes that letter. Take the row away."),
    )
    NOT_SPOKEN = (
        "not_spoken",
        N_("{language} is not among this region's languages. Choose one, or none."),
    )
    NOT_FOR_ALL = (
        "not_for_all",
        N_("Only who reads {language} would get this letter. Write it without a language too."),
    )
    NEEDED_LETTER = (
        "needed_letter",
        N_("People need this letter: it cannot be switched off. Take the tick away."),
    )
    BOTH_OFF_AND_TEXT = (
        "both_off_and_text",
        N_("It is switched off and yet has words. Keep one of the two."),
    )
    BRACE_ALONE = (
        "brace_alone",
        N_("A brace stands alone. Write a name in braces, or no brace."),
    )
    UNKNOWN_NAME = (
        "unknown_name",
        N_("{name} is not known in this letter. It may name: {names}"),
    )
    LETTER_LACKS = "letter_lacks", N_("Whoever gets it must be told {names} too. Put it in.")
    TELLS_HEALTH = (
        "tells_health",
        N_("“{word}” is a medicine: no letter tells what somebody takes. Leave it out."),
    )
    VERSION_TAKEN = (
        "version_taken",
        N_("Version {version} of {code} exists by now. Open any page and save it again."),
    )
