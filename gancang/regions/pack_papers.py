"""What a region asks of its riders, and how long it keeps where they were, as keys of its pack."""

from gancang.regions.pack_values import CODE, Key, day, one_of, text, whole, yes_or_no

PAPER = {
    "code": Key(CODE, "name of the paper; what was noted of riders points at it"),
    "title": Key(text(80), "name as riders and operators read it"),
    "from": Key(day, "first day on which it is asked for"),
    "expires": Key(yes_or_no, "whether it runs out; then its last day is noted with it"),
    "bars": Key(
        one_of("never", "expired", "missing"),
        "`never`: only warned of; `expired`: whose paper has run out is offered no new work; "
        "`missing`: nor is he whose paper nobody has seen",
    ),
    "by_hand": Key(
        yes_or_no,
        "the operator may assign by hand all the same, with a reason; left out: false",
        needed=False,
    ),
    "rule": Key(text(200), "what asks for it; refusals and lists name it"),
}
POSITIONS = {
    "keep_days": Key(
        whole(1, 90),
        "days after a shift, or after a round of the planner, for which riders' places are kept; "
        "then they are deleted. Without the table: 7",
    ),
    "rule": Key(text(200), "what sets it, or who decided"),
}
