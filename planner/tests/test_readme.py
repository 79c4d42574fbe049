"""The README keeps its word."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def test_the_example_prints_what_the_readme_shows(capsys):
    example, shown = re.findall(r"```(?:python|text)\n(.*?)```", README.read_text("utf-8"), re.S)
    exec(compile(example, str(README), "exec"), {})
    assert capsys.readouterr().out == shown
