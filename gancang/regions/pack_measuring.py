"""By which numbers a programme shows that it works: a list of its file, each with its target."""

from gancang.regions.pack_values import Key, one_of, whole

# What the system can count, each with its unit.
NUMBERS = {
    "served_share": "percent of what was planned that reached its person",
    "on_time_share": "percent of what arrived that arrived when it was promised",
    "cost_per_person_rp": "rupiah of public money for each person who got something",
    "waiting_days": "days from the application to the enrolment, in the middle",
    "people_served": "how many people got something",
}
AT_MOST = ("cost_per_person_rp", "waiting_days")  # of these less is better
SUCCESS = {
    "number": Key(
        one_of(*NUMBERS), "; ".join(f"{name}: {meaning}" for name, meaning in NUMBERS.items())
    ),
    "target": Key(
        whole(0, 10**9),
        f"what is to be reached: at least, or at most for {' and '.join(AT_MOST)}",
    ),
}
