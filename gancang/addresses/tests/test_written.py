"""Addresses are read as people write them."""

from __future__ import annotations

import pytest

from gancang.addresses.written import Parts, is_same_address, read_address


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Dusun Krajan RT 02/RW 01", Parts("Krajan", "002", "001", "")),
        ("Dsn. Sumber Jambe, RT.2 RW.10", Parts("Sumber Jambe", "002", "010", "")),
        (
            "Jl. Mawar 3, lingk. Cungking rt/rw 003/005",
            Parts("Cungking", "003", "005", "Jl. Mawar 3"),
        ),
        ("Jalan Baru 3", Parts("", "", "", "Jalan Baru 3")),
        ("", Parts("", "", "", "")),
    ],
)
def test_an_address_is_read_as_people_write_it(typed: str, parts: Parts) -> None:
    assert read_address(typed) == parts


@pytest.mark.parametrize("other", ["dsn krajan rt 2 rw 1", "Dusun KRAJAN, RT.002/RW.001"])
def test_one_house_is_the_same_however_it_is_written(other: str) -> None:
    assert is_same_address("Dusun Krajan RT 02/RW 01", other)
    assert not is_same_address("Dusun Krajan RT 03/RW 01", other)
