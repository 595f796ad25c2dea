"""The chains that counted packets, in the order in which netfilter asks them, each in its caller.

Every chain, rule and counter is from what was printed; here stands when a hook's turn is, alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..languages import Words
from ..model import StepReport
from .description import Item
from .listing import Chain, Rule, chains

HOOKS = {
    "PREROUTING": ("raw", "mangle", "nat"),
    "INPUT": ("mangle", "filter", "security", "nat"),
    "FORWARD": ("mangle", "filter", "security"),
    "OUTPUT": ("raw", "mangle", "nat", "filter", "security"),
    "POSTROUTING": ("mangle", "nat"),
}
"""The tables that each asks, in their order: the priorities of linux/netfilter_ipv4.h."""
LOSES = ("DROP", "REJECT")
Listed = Mapping[tuple[str, str], Chain]
"""By table and name."""


@dataclass(frozen=True, slots=True)
class Row:
    """A rule that counted packets, and the chain that it leads to, if one of it counted them."""

    rule: Rule
    below: Box | None = None

    @property
    def loses(self) -> bool:
        """Whether the way of a packet ends here."""
        return self.rule.target in LOSES


@dataclass(frozen=True, slots=True)
class Box:
    """A chain with what in it counted packets."""

    table: str
    chain: str
    rows: tuple[Row, ...]


def boxes(steps: Sequence[StepReport]) -> list[Box | None]:
    """The chains of the hooks; None for the routing decision between two of them.

    Raises `LookupError` where a step lists none, or the way to one that counted is not listed.
    """
    listed: dict[tuple[str, str], Chain] = {}
    for step in steps:
        found = {(chain.table, chain.name): chain for chain in chains(step)}
        if not found:
            raise LookupError(
                f'step "{step.id}" lists no chain with its counters: name steps that run '
                '"iptables -nvL" or "iptables-save -c"'
            )
        listed |= found
    counted = {key: chain for key, chain in listed.items() if chain.counted}
    reached: set[tuple[str, str]] = set()
    way: list[Box | None] = []
    for hook, tables in HOOKS.items():
        own = [(table, hook) for table in tables if (table, hook) in counted]
        if own and hook != "POSTROUTING" and way and None not in way:
            way.append(None)
        way += [box(key, counted, reached) for key in own]
    if lost := [key for key in counted if key not in reached]:
        table, name = lost[0]
        raise LookupError(
            f'"{name}" of table {table} counted packets, and no rule that is listed leads there: '
            "name a step that lists the chain that calls it"
        )
    if not way:
        raise LookupError(f'no rule that step "{steps[-1].id}" lists has counted a packet')
    return way


def box(key: tuple[str, str], counted: Listed, reached: set[tuple[str, str]]) -> Box:
    """A chain, and in it those that its rules lead to, each where it is led to first."""
    reached.add(key)
    table, name = key
    rows = []
    for rule in counted[key].counted:
        to = table, rule.target
        known = to in counted and to not in reached
        rows.append(Row(rule, box(to, counted, reached) if known else None))
    return Box(table, name, tuple(rows))


def describe(way: Sequence[Box | None], words: Words) -> tuple[Item, ...]:
    """The same as a list: chains, in each its rules, below a rule the chain that it leads to."""
    return tuple(item(one, words) if one else Item(words.diagram.routing) for one in way)


def item(box: Box, words: Words) -> Item:
    """A chain."""
    return Item(f"{box.table} {box.chain}", below=tuple(rows(box, words)))


def rows(box: Box, words: Words) -> Iterator[Item]:
    """Its rules."""
    for row in box.rows:
        rule = row.rule
        parts = (rule.target, words.frames.policy if rule.policy else rule.match)
        text, said = " ".join(filter(None, parts)), words.frames.counted.format(rule.packets)
        yield Item(text, said, (item(row.below, words),) if row.below else ())
