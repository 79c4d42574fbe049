"""What becomes of a report about a neighbour in need. Pure."""

from gancang.values import N_, Reason


class Why(Reason):
    """Why a report or an answer is not taken."""

    REPORTED_TOO_OFTEN = (
        "reported_too_often",
        N_("Many reports came from here within the hour. Ring the village office instead."),
    )
    NO_OUTCOME = "no_outcome", N_("Choose what was done.")
    NO_WORDS = "no_words", N_("Say in a few words what was found and done.")
    ANSWERED_BEFORE = "answered_before", N_("Somebody has answered this already; look again.")


OUTCOMES = {
    "visited": N_("visited, help begins"),
    "applied": N_("visited, an application is written down"),
    "referred": N_("handed on to another office"),
    "no_need": N_("visited, no help is needed"),
    "not_found": N_("not found"),
}
