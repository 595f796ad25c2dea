"""Differences are those that a person would draw, and found in time, whatever was printed."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from macros.difference import COMPARED, Lines, unified
from macros.limit import limited
from macros.model import Result
from macros.verdicts.drift import drift
from macros.verdicts.excerpt import nearest

BOTH = {
    "nothing": ([], []),
    "one is empty": (["a"], []),
    "the same": (list("abc"), list("abc")),
    "the middle": (list("abcdef"), list("abXdef")),
    "both ends": (list("abcdef"), list("Xbcde")),
    "more of the same": (["a"] * 3, ["a"] * 5),
    "one moved": (list("abcde"), list("bcdea")),
    "overlapping ends": (list("aba"), list("ababa")),
}


@pytest.mark.parametrize(("old", "new"), BOTH.values(), ids=BOTH)
def test_a_short_difference_leads_from_one_text_to_the_other(
    old: list[str], new: list[str]
) -> None:
    made: list[str] = []
    for kind, a, b, c, d in Lines(old, new).get_opcodes():
        assert kind != "equal" or old[a:b] == new[c:d]
        made += old[a:b] if kind == "equal" else new[c:d]
    assert made == new
    blocks = Lines(old, new).get_matching_blocks()
    best = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    assert sum(one.size for one in blocks) >= sum(one.size for one in best)


def test_a_difference_that_is_too_long_to_look_into_is_one_change() -> None:
    many = [str(number) for number in range(COMPARED + 1)]
    other = [f"{number} or so" for number in range(COMPARED)] + ["500"]
    kinds = [kind for kind, *_ in Lines(["a", *many, "z"], ["a", *other, "y", "z"]).get_opcodes()]
    assert kinds == ["equal", "replace", "equal"]


LONG = {
    "8000 equal lines against 8001": ("x\n" * 8000, "x\n" * 8001),
    "100,000 equal lines against as many and one": ("x\n" * 100_000, "x\n" * 100_001),
    "every second line another": (
        "".join(f"line {number}\n" for number in range(30_000)),
        "".join(f"line {number if number % 2 else -number}\n" for number in range(30_000)),
    ),
    "no line the same": ("a b\n" * 60_000, "a c\n" * 60_000),
}


@pytest.mark.parametrize(("old", "new"), LONG.values(), ids=LONG)
def test_drift_of_all_that_a_step_may_print_is_found_in_its_time(old: str, new: str) -> None:
    with limited(60):
        said = drift(Result("s", "x", old, 0), Result("s", "x", new, 0))
    assert said.startswith("--- recorded\n+++ printed\n@@ ")


def test_a_difference_is_unified_with_the_lines_that_are_to_be_shown() -> None:
    shown = ["1"] * 9, [*["2"] * 8, "3"]
    assert unified(list("abcdefghi"), list("abcdefghX"), ("old", "new"), shown) == [
        "--- old", "+++ new", "@@ -6,4 +6,4 @@", " 2", " 2", " 2", "-1", "+3",
    ]  # fmt: skip


def test_the_nearest_line_is_found_in_its_time() -> None:
    wanted, lines = "ab" * 150, [f"{'ac' * 140}{number}" for number in range(200)]
    with limited(60):
        for _ in range(100):
            assert nearest(wanted, "\n".join([*lines, "ab" * 20]))
