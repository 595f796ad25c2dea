"""The words of a shell command, and where each stands in the text. Runs nothing, fills nothing in.

Enough of the shell's grammar for what scenes hold: quotes, operators, here-documents (whose
bodies are no commands), and scripts that are handed to another shell with `-c`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

HEREDOC = re.compile(r"(<<-?\s*(['\"]?)(\w+)\2[^\n]*\n)(.*?)(^\t*\3$|\Z)", re.MULTILINE | re.DOTALL)
PIECE = r"""(?:[^\s'"\\|&;()<>$`]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.|\$\(\(?[^()]*\)?\)|`[^`]*`|\$)"""
TOKEN = re.compile(
    rf"""(?P<space>(?:[ \t]|\\\n)+|\#[^\n]*)
       | (?P<redirect>\d*(?:<<-?|<|>>?)&?(?:\d+(?![\w./]))?)
       | (?P<operator>[\n|&;()]+)
       | (?P<word>{PIECE}+)""",
    re.VERBOSE | re.DOTALL,
)
QUOTED = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)""", re.DOTALL)
KEYWORDS = frozenset(("!", "{", "}", "do", "done", "else", "fi", "if", "then", "until", "while"))
SHELLS = frozenset(("bash", "dash", "sh"))


@dataclass(frozen=True, slots=True)
class Word:
    """One word: ``text[start:end]`` as it is written, and what it says without its quotes."""

    start: int
    end: int
    text: str


Words = tuple[Word, ...]


def unquoted(text: str) -> str:
    """A word as its program gets it."""
    return QUOTED.sub(lambda match: next(part for part in match.groups() if part is not None), text)


def commands(text: str) -> list[Words]:
    """The simple commands of a text, in their order; a nested shell's come behind its own.

    What a redirection reads or writes is a command of its own here: it is no argument.
    """
    bare = HEREDOC.sub(lambda match: match[1] + blanked(match[4]) + blanked(match[5]), text)
    lists: list[list[Word]] = [[]]
    at = 0
    while at < len(bare):
        token = TOKEN.match(bare, at)
        if token is None:
            at += 1
            continue
        if token["word"] is not None:
            word = Word(token.start(), token.end(), unquoted(token["word"]))
            if lists[-1] or word.text not in KEYWORDS:
                lists[-1].append(word)
        elif token["space"] is None:
            lists.append([])
        at = token.end()
    simple = [tuple(words) for words in lists if words]
    return [command for words in simple for command in (words, *nested(words, text))]


def blanked(text: str) -> str:
    """Spaces in place of a text, its lines kept."""
    return re.sub(r"[^\n]", " ", text)


def nested(words: Words, text: str) -> list[Words]:
    """The commands of a script that a command hands to a shell in quotes."""
    for index, word in enumerate(words[:-2]):
        script = words[index + 2]
        written = text[script.start : script.end]
        if word.text in SHELLS and words[index + 1].text == "-c" and written[1:-1] == script.text:
            offset = script.start + 1
            return [
                tuple(
                    replace(part, start=part.start + offset, end=part.end + offset)
                    for part in inner
                )
                for inner in commands(script.text)
            ]
    return []
