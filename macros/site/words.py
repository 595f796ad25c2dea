"""A text cut into the words that search knows: the same here and in the browser.

The rules are data, which the index carries: `docs/theme/assets/finder.js` goes by them, so that
a query is cut as the text was. Chinese is cut by the dictionary of the index alone, into the
likeliest words; which words there are in the texts, `rjieba` says first.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import log

import rjieba

LETTERS = r"a-z0-9\u00df-\u02af\u0370-\u1fff\u3040-\u30ff\uac00-\ud7af"
HAN = r"\u4e00-\u9fff"
RULES: dict[str, str] = {
    "drop": rf"(?<=[{LETTERS}])['\u2019](?=[{LETTERS}])|[\u00ad\u200b-\u200d\u2060]",
    "word": rf"(?:(?<![^\s(\[{{\u3001\uff08'`=,:;])--?(?=[a-z]))?"
    rf"[{LETTERS}]+(?:[._-]+[{LETTERS}]+)*|[{HAN}]+",
    "han": rf"[{HAN}]",
    "plain": r"^[a-z]{4,}$",
    "between": rf"(?<![{LETTERS}])[._-]+|[._-]+(?![{LETTERS}])|[^{LETTERS}{HAN}._-]+",
}
"""Regular expressions that Python and JavaScript read alike. A word is an option (`--ip-masq`), a
name (`net.ipv4.ip_forward`, `172.17.0.1`), or a run of Chinese, which is then cut."""
STEMS: tuple[tuple[str, str], ...] = (
    (r"ies$", "y"),
    (r"(ss|sh|ch|x)es$", r"\1"),
    (r"([^suo])s$", r"\1"),
    (r"ation$", "at"),
    (r"([a-z]{3})(?:ing|ed)$", r"\1"),
    (r"([bdgmnprt])\1$", r"\1"),
    (r"([a-z]{3})e$", r"\1"),
)
"""What is taken off a plain English word, one rule after the other."""
LONGEST = 8
"""Characters of a Chinese word."""
STRANGE = 200
"""What a character costs that is in no word: more than any word does."""
SMALL = 2
"""Characters of a part that is a word of its own."""
stems = tuple((re.compile(ending), end) for ending, end in STEMS)
drop, word, han, plain = (re.compile(RULES[name]) for name in ("drop", "word", "han", "plain"))


def normal(text: str) -> str:
    """A text without what no word differs by."""
    return drop.sub("", unicodedata.normalize("NFKC", text).lower())


def runs(text: str) -> list[str]:
    """A text as words, and runs of Chinese that are not yet cut."""
    return [stem(found) for found in word.findall(normal(text))]


@cache
def stem(one: str) -> str:
    """A word without its English ending; `_` is `-`: an option and its key are one."""
    if plain.search(one):
        for ending, end in stems:
            one = ending.sub(end, one)
    return one.replace("_", "-")


def parts(one: str) -> list[str]:
    """The words in a name: `ip-forward`, `net`, …; an option is one word and has none."""
    if one.startswith("-"):
        return []
    names = re.split(r"\.+", one) if "." in one else []
    pieces = [piece for name in names or [one] for piece in name.split("-")]
    every = dict.fromkeys([*names, *pieces])
    return [stem(p) for p in every if p != one and len(p) >= SMALL and not p.isdigit()]


def counted(texts: Iterable[str], own: Iterable[str]) -> Counter[str]:
    """The Chinese words of texts, and those that are to be cut as one, with how often each is."""
    jieba = rjieba.Jieba()
    for each in own:
        jieba.add_word(each, 100_000, None)
    every = Counter(run for text in texts for run in runs(text) if han.match(run))
    words: Counter[str] = Counter(dict.fromkeys(own, 1))
    for run, often in every.items():
        for each in jieba.cut(run):
            if len(each) <= LONGEST:
                words[each] += often
    return words


def costs(words: Mapping[str, int]) -> dict[str, int]:
    """What each Chinese word costs: the rarer, the more."""
    total = sum(words.values())
    return {each: round(10 * log(total / often)) for each, often in words.items()}


class Cutter:
    """Cuts texts by one dictionary."""

    def __init__(self, dictionary: Mapping[str, int]) -> None:
        self.dictionary = dictionary
        self.pieces = cache(self.cheapest)

    def cut(self, text: str) -> list[str]:
        """The words of a text."""
        return [
            each for run in runs(text) for each in (self.pieces(run) if han.match(run) else (run,))
        ]

    def cheapest(self, run: str) -> tuple[str, ...]:
        """A run of Chinese as the words that together cost least; of two ways, the longer word."""
        known, size = self.dictionary, len(run)
        best = [(0, 0)] * (size + 1)
        for at in range(size - 1, -1, -1):
            best[at] = (best[at + 1][0] + known.get(run[at], STRANGE), at + 1)
            for end in range(at + 2, min(at + LONGEST, size) + 1):
                cost = known.get(run[at:end])
                if cost is not None and best[end][0] + cost <= best[at][0]:
                    best[at] = (best[end][0] + cost, end)
        found: list[str] = []
        at, strange = 0, False
        while at < size:
            end = best[at][1]
            piece, new = run[at:end], run[at:end] not in known
            if strange and new:
                found[-1] += piece  # what no page says is one word, whatever is in it
            else:
                found.append(piece)
            at, strange = end, new
        return tuple(found)

    def inside(self, one: str) -> Iterator[str]:
        """The words in a longer word, Chinese or not."""
        if not han.match(one):
            yield from parts(one)
            return
        for size in range(SMALL, len(one)):
            for at in range(len(one) - size + 1):
                if one[at : at + size] in self.dictionary:
                    yield one[at : at + size]
