"""What a command asks of the network, and of whom: `ping`, `curl`, `nc`, … and their target.

Knows commands alone; whether an answer was expected is not said here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .shellwords import Word, Words, commands

VALUED = {
    "arping": "cIsSTwW",
    "curl": "AbdeFHmorTuUwXxYyz",
    "dig": "bkpqtxy",
    "drill": "bkpqtxy",
    "getent": "s",
    "host": "cNRtWm",
    "nc": "IiOpqsTVwXx",
    "nslookup": "",
    "ping": "cFIilMmPpQSsTtVWw",
    "ping6": "cFIilMmPpQSsTtVWw",
    "telnet": "beln",
    "tracepath": "lmp",
    "traceroute": "fimpqstwz",
    "wget": "aeoOPQtTUY",
}
"""Programs that ask, each with its short options that take a value."""
LONG = frozenset(
    ("--connect-timeout", "--data", "--header", "--interface", "--local-port", "--max-time",
     "--output", "--proxy", "--request", "--resolve", "--retry", "--user", "--write-out")
)  # fmt: skip
PORTS = {"https": "443"}
URL = re.compile(
    r"^(?:(?P<scheme>\w+)://)?(?:[^@/]*@)?(?P<host>\[[^\]]+\]|[^/:?#]+)(?::(?P<port>\d+))?"
)
BEFORE_HOST = frozenset(("exec", "--", "busybox"))
"""Words before `host` where it is the program; `--network host` is none."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a command asks: the texts, and where in the command they stand."""

    program: str
    host: str
    host_at: tuple[int, int]
    port: str = ""
    """"" of what has none, as an echo request."""
    port_at: tuple[int, int] | None = None
    """None where it is not written, as in a URL."""


def targets(run: str) -> Iterator[Target]:
    """Whom a command asks, in its order."""
    for words in commands(run):
        for index, word in enumerate(words):
            if asks(words, index):
                if asked := target(run, word.text, words[index + 1 :]):
                    yield asked
                break


def asks(words: Words, index: int) -> bool:
    """Whether a word is the name of a program that asks."""
    if words[index].text not in VALUED:
        return False
    before = words[index - 1].text if index else "--"
    if words[index].text == "host":
        return before in BEFORE_HOST
    return before not in ("--name", "--hostname", "-h", "--network-alias", "--alias")


def target(run: str, program: str, arguments: Words) -> Target | None:
    """The first address or name that a program gets, and its port; none of one that listens."""
    given = list(positional(program, arguments))
    if program == "nc" and any(re.match(r"-[a-zA-Z]*l", word.text) for word in arguments):
        return None
    if program == "getent":
        given = given[1:]
    if program in ("dig", "drill"):
        given = [word for word in given if not word.text.startswith(("@", "+"))]
    if not given:
        return None
    first, *rest = given
    if program in ("curl", "wget"):
        return of_url(run, program, first)
    asked = Target(program, first.text, within(run, first, first.text))
    if program in ("nc", "telnet") and rest:
        port = rest[0].text
        return Target(program, asked.host, asked.host_at, port, within(run, rest[0], port))
    return asked


def of_url(run: str, program: str, word: Word) -> Target | None:
    """Host and port of a URL."""
    if not (match := URL.match(word.text)):
        return None
    host = match["host"].strip("[]")
    host_at = within(run, word, host)
    if port := match["port"]:
        port_at = within(run, Word(host_at[1], word.end, ""), port)
        return Target(program, host, host_at, port, port_at)
    return Target(program, host, host_at, PORTS.get(match["scheme"], "80"))


def within(run: str, word: Word, text: str) -> tuple[int, int]:
    """Where in a command a part of a word is written; the whole word where quotes break it."""
    start = run.find(text, word.start, word.end)
    return (start, start + len(text)) if start >= 0 else (word.start, word.end)


def positional(program: str, arguments: Words) -> Iterator[Word]:
    """The arguments that are neither options nor values of options."""
    takes = VALUED[program]
    skip = False
    for word in arguments:
        if skip:
            skip = False
        elif word.text.startswith("--"):
            skip = word.text in LONG
        elif word.text.startswith("-") and len(word.text) > 1:
            letters = enumerate(word.text)
            valued = next((at for at, letter in letters if at and letter in takes), 0)
            skip = valued == len(word.text) - 1 and valued > 0
        else:
            yield word
