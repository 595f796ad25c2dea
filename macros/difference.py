"""How two texts differ, line by line, in time that grows as they do. Pure text."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import Match, SequenceMatcher

CONTEXT = 3
"""Lines shown around a difference."""
COMPARED = 500
"""Lines of each text, between those that both begin and end with, within which a common one is
sought. Looking takes the cube of their number; more of them are one change as a whole."""


class Lines(SequenceMatcher[str]):
    """A matcher that looks at both ends first, and between them at so many lines at most."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old, self.new = old, new
        super().__init__(None, (), ())

    def get_matching_blocks(self) -> list[Match]:
        """The blocks of lines that are the same in both, in order; the last is empty."""
        least = min(len(self.old), len(self.new))
        head = next((n for n in range(least) if self.old[n] != self.new[n]), least)
        tail = next((n for n in range(least - head) if self.old[-1 - n] != self.new[-1 - n]),
                    least - head)  # fmt: skip
        old, new = self.old[head : len(self.old) - tail], self.new[head : len(self.new) - tail]
        within: list[Match] = []
        if max(len(old), len(new)) <= COMPARED:
            within = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        ends = len(self.old), len(self.new)
        found = [
            Match(0, 0, head),
            *(Match(one.a + head, one.b + head, one.size) for one in within),
            Match(ends[0] - tail, ends[1] - tail, tail),
        ]
        return [*(one for one in found if one.size), Match(*ends, 0)]


def unified(
    old: Sequence[str],
    new: Sequence[str],
    names: tuple[str, str],
    shown: tuple[Sequence[str], Sequence[str]] | None = None,
) -> list[str]:
    """The unified diff of two texts, as lines; `shown` are the lines to show in their place."""
    shown_old, shown_new = shown or (old, new)
    diff = [f"--- {names[0]}", f"+++ {names[1]}"]
    for group in Lines(old, new).get_grouped_opcodes(CONTEXT):
        (_, a, _, c, _), (_, _, b, _, d) = group[0], group[-1]
        diff.append(f"@@ -{a + 1},{b - a} +{c + 1},{d - c} @@")
        for kind, from_old, to_old, from_new, to_new in group:
            if kind == "equal":
                diff += [f" {line}" for line in shown_new[from_new:to_new]]
            else:
                diff += [f"-{line}" for line in shown_old[from_old:to_old]]
                diff += [f"+{line}" for line in shown_new[from_new:to_new]]
    return diff


def lines(text: str) -> list[str]:
    """The lines of a text; a last one without its newline is told apart."""
    if not text:
        return []
    *whole, last = text.split("\n")
    return [*whole, f"{last}\n\\ no newline at the end"] if last else whole


def difference(old: str, new: str, names: tuple[str, str]) -> str:
    """The unified diff of two texts that are called `names`, "" where they are the same."""
    return "" if old == new else "\n".join(unified(lines(old), lines(new), names))
