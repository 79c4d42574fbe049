"""What mypy is told of the compiled module is what the module says."""

from __future__ import annotations

import pytest

from tools import kernel_stub

pytest.importorskip("gancang_planner_kernel._kernel", reason="the kernel is not built")
pytest.importorskip("nanobind", reason="nanobind reads the module's signatures")


def test_the_stub_says_what_the_module_says() -> None:
    told = kernel_stub.told()
    assert kernel_stub.same(told, kernel_stub.FILE.read_text("utf-8")), "run: make kernel"


def test_a_stub_that_lags_behind_is_seen() -> None:
    assert not kernel_stub.same("def match(k: int) -> None: ...", "def match() -> None: ...")
    assert kernel_stub.same(
        "def match(\n    k: int,\n) -> None: ...", "def match(k: int) -> None: ..."
    )
