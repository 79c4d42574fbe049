"""A rule is picked or written, judged beside its field, and told in words made from itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.programmes.clauses import faults_in
from gancang.programmes.models import Draft
from gancang.programmes.picking import AND, OR, SIGNS, Pick, picks_of, rule_of
from gancang.programmes.wording import rule_in_words
from gancang.regions.facts import kinds_of
from gancang.values.conditions import holds
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

KINDS = kinds_of(())
SAID = [
    ("true", "semua orang", "everybody"),
    ("person.pbi_active", "memegang kartu BPJS PBI yang aktif", "holds an active BPJS PBI card"),
    (
        "person.desil >= 1 && person.desil <= 4",
        "desil rumah tangga dalam DTSEN dari 1 sampai 4",
        "the household's place in the national registry is from 1 to 4",
    ),
    ("person.age > 60", "umur dalam tahun lebih dari 60", "age in years is more than 60"),
    ("60 < person.age", "umur dalam tahun lebih dari 60", "age in years is more than 60"),
    (
        "person.local_list == false || person.desil in [1, 2]",
        "tidak: terdaftar dalam data kemiskinan daerah atau desil rumah tangga dalam DTSEN salah "
        "satu dari 1, 2",
        "not: is on the regency's own list of the poor or the household's place in the national "
        "registry is one of 1, 2",
    ),
    (
        "person.age >= 60 && (person.pbi_active || person.local_list)",
        "umur dalam tahun paling sedikit 60 dan (memegang kartu BPJS PBI yang aktif atau terdaftar "
        "dalam data kemiskinan daerah)",
        "age in years is at least 60 and (holds an active BPJS PBI card or is on the regency's own "
        "list of the poor)",
    ),
    ("person.age / 2 > 30", "rumus: age / 2 > 30", "formula: age / 2 > 30"),
    ("!(person.age < 60)", "tidak benar bahwa (umur dalam tahun kurang dari 60)", None),
]


@pytest.mark.parametrize(("rule", "indonesian", "english"), SAID)
def test_a_rule_is_told_in_both_languages(rule: str, indonesian: str, english: str | None) -> None:
    assert rule_in_words(rule, KINDS, language="id") == indonesian
    if english:
        assert rule_in_words(rule, KINDS, language="en") == english


FLAGS = sorted(code for code, kind in KINDS.items() if kind.type == "bool")
picks = st.one_of(
    st.builds(Pick, st.sampled_from(FLAGS), st.sampled_from(["==", "!="]), st.sampled_from(["ya"])),
    st.builds(
        Pick,
        st.just("desil"),
        st.sampled_from([sign for sign in SIGNS if sign != "in"]),
        st.integers(0, 10).map(str),
    ),
    st.builds(Pick, st.just("desil"), st.just("in"), st.just("1, 2")),
)


@given(st.lists(picks, min_size=1, max_size=6), st.sampled_from([AND, OR]))
def test_whatever_is_picked_is_sound_and_is_picked_again_the_same(
    told: list[Pick], joined: str
) -> None:
    rule = rule_of(told, joined, KINDS)
    assert faults_in(rule, KINDS) == []
    found = picks_of(rule)
    assert found is not None
    assert found[0] == told
    assert len(told) == 1 or found[1] == joined


@given(st.integers(0, 10), st.integers(0, 10))
def test_a_picked_rule_does_what_its_rows_say(desil: int, limit: int) -> None:
    rule = rule_of([Pick("desil", "<=", str(limit))], AND, KINDS)
    assert holds(rule, {"desil": desil}) is (desil <= limit)


def begun(cast: Cast) -> tuple[Any, Draft, str]:
    """The officer's browser, an empty draft, and the address of its first rule."""
    client = client_of(cast.officer)
    answer = client.post("/programmes/drafts/new")
    number = re.findall(r"drafts/(\d+)/", answer["Location"])[0]
    return client, Draft.objects.get(pk=number), f"/programmes/drafts/{number}/rules/0"


def test_an_officer_picks_a_rule_and_reads_what_it_says(cast: Cast) -> None:
    client, draft, url = begun(cast)
    typed = {"seen": 1, "code": "lansia-miskin", "how": "picked", "joined": "and"}
    rows = {
        "fact-0": "age",
        "sign-0": ">=",
        "value-0": "60",
        "fact-1": "pbi_active",
        "value-1": "ya",
    }
    page = client.post(url, {**typed, **rows}, follow=True).content.decode()
    draft.refresh_from_db()
    assert draft.told["clause"] == [
        {
            "code": "lansia-miskin",
            "when": "person.age >= 60 && person.pbi_active == true",
            "sentence_id": "umur dalam tahun paling sedikit 60 dan "
            "memegang kartu BPJS PBI yang aktif",
            "sentence_en": "age in years is at least 60 and holds an active BPJS PBI card",
        }
    ]
    assert "umur dalam tahun paling sedikit 60 dan memegang" in page
    assert 'lang="en"' in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"how": "free", "when": "person.dezil == 1"}, "Maksudnya “desil”?"),
        ({"how": "free", "when": "person.desil / 0 == 1"}, "pembagian dengan nol"),
        ({"how": "free", "when": "[1].all(x, x > 0)"}, "hanya boleh menanyakan"),
        ({"how": "free", "when": "x" * 5000}, "terlalu besar"),
        ({"how": "free", "when": ""}, "Tulis aturannya."),
        (
            {"how": "picked", "fact-0": "desil", "value-0": "satu"},
            "bilangan bulat dari 0 sampai 10",
        ),
    ],
)
def test_a_faulty_rule_is_refused_beside_its_field_and_stays_typed(
    cast: Cast, typed: dict[str, str], sentence: str
) -> None:
    client, draft, url = begun(cast)
    answer = client.post(url, {"seen": 1, "code": "satu", "joined": "and", **typed})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    draft.refresh_from_db()
    assert "clause" not in draft.told
