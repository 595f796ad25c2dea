"""Outputs made comparable: the volatile pieces of a text found, and named. Knows no scene."""

from __future__ import annotations

import re

from ..model import Span
from .volatile import RULES

NAMED = rf"\[(?:{'|'.join(sorted({rule.name.upper() for rule in RULES}))})\]"
INDENT = re.compile(rf"^ +(?={NAMED})", re.MULTILINE)
GAP = re.compile(rf"(?<! ) {{2,}}+(?={NAMED})|(?<=\]) {{2,}}")
HEADER = re.compile(r"^[A-Z]+(?: +[A-Z]+)+ *$", re.MULTILINE)
"""The head of a table, as of ``docker ps``: its gaps are as wide as what stands below."""


def spans(output: str, command: str = "") -> tuple[Span, ...]:
    """The volatile pieces of what a command printed: in order, apart, none with a newline.

    The command counts where the output alone does not tell: a pid by itself on a line.
    """
    taken = bytearray(len(output))
    pieces: list[Span] = []
    for rule in RULES:
        if rule.command and not rule.command.search(command):
            continue
        for match in rule.pattern.finditer(output):
            start, end = match.span(rule.group)
            if start < end and taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                pieces.append(Span(start, end, rule.name))
    return tuple(sorted(pieces, key=lambda span: span.start))


def normalize(output: str, command: str = "") -> str:
    """The output with each volatile piece as its rule's name: ``eth0@if[IFINDEX]``.

    Gaps that are wide because of what stands in them or below are one space: beside a
    volatile piece, and in the head of a table.
    """
    parts = []
    end = 0
    for span in spans(output, command):
        parts += [output[end : span.start], f"[{span.rule.upper()}]"]
        end = span.end
    named = "".join([*parts, output[end:]])
    squeezed = GAP.sub(" ", INDENT.sub("", named))
    return HEADER.sub(lambda head: re.sub(" +", " ", head[0]), squeezed)
