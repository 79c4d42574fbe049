"""Why somebody may not do what they ask of the accounts."""

from gancang.values import N_, Reason


class Why(Reason):
    """Refusals of this capability."""

    NAME_TAKEN = "name_taken", N_("The log-in name {username} is taken; choose another one.")
    WRONG_PASSWORD = "wrong_password", N_("That is not your present password.")
    WEAK_PASSWORD = "weak_password", N_("That password is too easy to guess: {problem}")
    NEEDS_ORGANISATION = (
        "needs_organisation",
        N_("Choose the organisation in which this person works."),
    )
    NEEDS_VILLAGE = (
        "needs_village",
        N_("A village clerk works in an office or a health centre that stands in a village."),
    )
    LAST_ADMIN = (
        "last_admin",
        N_("This is the last regency admin; name another one before you take this role away."),
    )
    ALSO_ELSEWHERE = (
        "also_elsewhere",
        N_("{name} also works in another region; ask the admin there, or take the role away here."),
    )
    TOKEN_REVOKED = "token_revoked", N_("This token was revoked already.")
    WRONG_CODE = "wrong_code", N_("That is not the code on the server's screen.")
    ALREADY_SET_UP = "already_set_up", N_("There is a first admin already; log in as that person.")
