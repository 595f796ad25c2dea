"""Chains and their rules with what they counted, as iptables printed them. Pure text.

Both forms are read: ``iptables -nvL``, and ``iptables-save -c``, which names its tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..model import StepReport

LISTED = re.compile(r"\bip6?tables(?:-\w+)?\b.*\s(?:-\w*v|-c\b)")
TABLE = re.compile(r"\s-t\s*(\w+)")
CHAIN = re.compile(r"^Chain (\S+) \((?:policy (\w+) (\S+) packets|\d+ references)")
RULE = re.compile(
    r"^ *(?P<packets>\d+[KMGT]?) +\d+[KMGT]? +(?:(?P<target>\S+) +(?=[\w!]+ ))?"
    r"(?P<prot>!?\w+) +(?:(?:--|-f|!f) +)?(?P<in>\S+) +(?P<out>\S+) +"
    r"(?P<source>\S+) +(?P<destination>\S+) *(?P<rest>.*?) *$"
)
COLUMNS = ("prot", "in", "out", "source", "destination")
ANY = ("all", "*", "0.0.0.0/0", "::/0")
"""What stands in a column where a rule does not look at it."""
SAVED_TABLE = re.compile(r"^\*(\w+)$")
SAVED_CHAIN = re.compile(r"^:(\S+) (\w+|-) \[(\d+):\d+\]")
SAVED_RULE = re.compile(r"^\[(?P<packets>\d+):\d+\] -A (?P<chain>\S+) ?(?P<rest>.*?) *$")
JUMP = re.compile(r"^(?P<match>.*?) ?-[jg] (?P<target>[^\s-]\S*)(?P<more>.*)$")
MODULE = re.compile(r"-m \S+ ?")
"""A module that is loaded: what it looks at is said behind it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, as it was printed and in short, or what a chain does behind its last."""

    packets: str
    """How many it has counted: `7`, `12K`."""
    target: str
    """"" where it only counts."""
    match: str = ""
    """What it looks at, without what it does not."""
    text: str = ""
    """All of it, from its target on, or from its chain."""
    policy: bool = False

    @property
    def counted(self) -> bool:
        return self.packets != "0"


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of a table, with those of its rules that were printed, its policy last."""

    table: str
    name: str
    rules: tuple[Rule, ...] = ()

    @property
    def counted(self) -> tuple[Rule, ...]:
        """The rules that a packet came to and matched."""
        return tuple(rule for rule in self.rules if rule.counted)


def chains(step: StepReport) -> list[Chain]:
    """The chains that a step lists with counters, in the order in which it does; else none."""
    found: dict[tuple[str, str], Chain] = {}
    policies: dict[tuple[str, str], Rule] = {}
    if LISTED.search(step.command):
        for table, chain, rule in lines(step):
            key = table, chain
            known = found.setdefault(key, Chain(table, chain))
            if rule and rule.policy:
                policies[key] = rule
            elif rule:
                found[key] = replace(known, rules=(*known.rules, rule))
    return [
        replace(chain, rules=(*chain.rules, policies[key])) if key in policies else chain
        for key, chain in found.items()
    ]


def lines(step: StepReport) -> Iterator[tuple[str, str, Rule | None]]:
    """Every line that says something of a chain: with its table and the chain's name."""
    table, chain = (found[1] if (found := TABLE.search(step.command)) else "filter"), ""
    for line in step.output.splitlines():
        if named := SAVED_TABLE.match(line):
            table = named[1]
        elif head := CHAIN.match(line):
            chain = head[1]
            yield table, chain, Rule(head[3], head[2], policy=True) if head[2] else None
        elif head := SAVED_CHAIN.match(line):
            policy = Rule(head[3], head[2], policy=True) if head[2] != "-" else None
            yield table, head[1], policy
        elif rule := SAVED_RULE.match(line):
            yield table, rule["chain"], saved(rule)
        elif chain and (rule := RULE.match(line)):
            yield table, chain, listed(rule)


def listed(rule: re.Match[str]) -> Rule:
    """A rule of a table with columns."""
    rest, target = rule["rest"], rule["target"] or ""
    about = [
        f"{column} {rule[column]}"
        for column in COLUMNS
        if rule[column] not in ANY and not (column == "prot" and rest.startswith(rule[column]))
    ]
    from_target = rule.start("target") if target else rule.start("prot")
    text = re.sub(" +", " ", rule.string[from_target:]).strip()
    return Rule(rule["packets"], target, " ".join((*about, *filter(None, [rest]))), text)


def saved(rule: re.Match[str]) -> Rule:
    """A rule as the command that makes it."""
    rest = rule["rest"]
    jump = JUMP.match(rest)
    match, target, more = (jump["match"], jump["target"], jump["more"]) if jump else (rest, "", "")
    short = MODULE.sub("", match).strip()
    return Rule(rule["packets"], target, f"{short}{more}".strip(), rest)
