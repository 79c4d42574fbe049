"""Draw the life of an order from its one table, orders/lifecycle.py, into docs/lifecycle.md."""

from __future__ import annotations

import sys
from pathlib import Path

from gancang.orders.lifecycle import DISPOSITIONS, HOLDABLE, MOVES, STATES, Failure, Incident

TARGET = Path(__file__).parent.parent / "docs" / "lifecycle.md"
HEAD = """# The life of an order

Drawn from `gancang/orders/lifecycle.py` by `tools/lifecycle.py`; a test compares. Every step goes
through `orders.actions.move`, which refuses a way that is not drawn here, a state or version that
is not the one that was read, and an order that the operator has stopped.

"""


def drawing() -> str:
    """The whole page."""
    return HEAD + "\n".join(["```mermaid", *_diagram(), "```", "", *_tables(), ""])


def _diagram() -> list[str]:
    names = [f'    state "{words}" as {state}' for state, words in STATES.items()]
    ways = [
        f"    {state} --> {to}"
        for state, reached in MOVES.items()
        for to in STATES
        if to in reached
    ]
    ends = [f"    {state} --> [*]" for state, reached in MOVES.items() if not reached]
    return ["stateDiagram-v2", *names, f"    [*] --> {next(iter(STATES))}", *ways, *ends]


def _tables() -> list[str]:
    rows = ["## Why a bag was not handed over", ""]
    rows += ["Left at the door is not among them, for no medicine and no programme.", ""]
    rows += ["| reason | said as | may wait at a counter near by |", "|---|---|---|"]
    rows += [
        f"| `{reason.value}` | {reason.sentence} | {'yes' if reason in HOLDABLE else 'no'} |"
        for reason in Failure
    ]
    rows += ["", "## What happened to the rider or the bag", "", "| kind | said as |", "|---|---|"]
    rows += [f"| `{kind.value}` | {kind.sentence} |" for kind in Incident]
    rows += ["", "## What becomes of a bag that is back", "", "| code | said as |", "|---|---|"]
    rows += [f"| `{code}` | {words} |" for code, words in DISPOSITIONS.items()]
    return rows


def main() -> int:
    """Write the page; with --check only say whether it is what the code says."""
    if "--check" in sys.argv:
        return 0 if TARGET.read_text("utf-8") == drawing() else 1
    TARGET.write_text(drawing(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
