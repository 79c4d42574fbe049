"""Whoever is judged among many is judged as if he were alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from gancang.programmes.rules import Clause, Known, judge, judging
from gancang.programmes.tests.test_decide import ON, TERMS

RULES = (
    Clause("card", "person.pbi_active == true", "kartu PBI", "PBI card"),
    Clause("poor", "person.desil >= 1 && person.desil <= 4", "desil 1-4", "decile 1-4"),
    Clause("told", "has(person.letter)", "ada surat", "has a letter"),
    Clause("whole", "size(person) > 2", "banyak yang diketahui", "much is known"),
)
# Values that Python takes for one another, and CEL does not.
values = st.sampled_from([True, False, 0, 1, 4, 5, "", "1", "true"])
known = st.builds(
    Known,
    values,
    st.integers(0, 200).map(lambda days: ON - timedelta(days=days)),
    max_age_days=st.none() | st.integers(1, 120),
    derived=st.booleans(),
)
people = st.dictionaries(st.sampled_from(["pbi_active", "desil", "letter", "age"]), known)


@given(
    st.lists(people, min_size=1, max_size=12),
    st.lists(st.sampled_from(RULES), unique=True),
    st.sampled_from([ON, date(2027, 1, 1)]),
)
@example(
    [{"pbi_active": Known(1, ON)}, {"pbi_active": Known(value=True, as_of=ON)}], [RULES[0]], ON
)
def test_the_hundredth_is_judged_as_the_first(
    asked: list[dict[str, Known]], rules: list[Clause], on: date
) -> None:
    terms = replace(TERMS, clauses=tuple(rules))
    many = judging(terms, origin="rsud", on=on)
    assert [many(person) for person in asked] == [
        judge(terms, person, origin="rsud", on=on) for person in asked
    ]
