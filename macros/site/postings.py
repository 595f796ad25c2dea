"""What the browser searches in: for every word the documents that have it, and how much of each.

How much is BM25F's, of title, page and text, made here and kept as one of 26 letters: the browser
adds up. See `docs/theme/assets/finder.js`, which reads it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..errors import Mistake
from .sections import Document
from .words import RULES, STEMS, Cutter, costs, counted, han

FILE = "search/index.js"
"""In a built language: a script, since a page on a disk may read no other file."""
SOURCE = "docs/search.toml"
ASKED = "docs/asked/{}.toml"
"""Of a language: section → what people type who look for it. The idea is doc2query's."""
FIELDS = {"title": (5.0, 0.4), "page": (2.0, 0.3), "asked": (4.0, 0.6), "text": (1.0, 0.6)}
"""What a word counts there, and how much the length takes of that."""
INSIDE = 0.4
"""What a word in a longer word counts."""
ENOUGH = 1.2
"""BM25's k1: how soon more of a word says no more."""
SHOWN = 1000
"""Characters of a section that the browser gets, to show and to look for neighbours in: with all of
them the index is a fifth larger, and as many queries of the golden set find their page."""
LEVELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What readers say, of a language."""

    words: tuple[str, ...] = ()
    """Cut as one."""
    silent: tuple[str, ...] = ()
    """Said in a question, and not what is asked for."""
    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words of readers, and the words of pages that are meant."""
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Addresses of sections, and what people type who look for them."""


def spoken(root: Path, language: str) -> Spoken:
    """What is written of a language; nothing, where there is no such file or table."""
    its = table(root / SOURCE).get(language, {})
    same = {key: tuple(each) for key, each in its.get("same", {}).items()}
    asked = {to: tuple(each) for to, each in table(root / ASKED.format(language)).items()}
    return Spoken(tuple(its.get("words", ())), tuple(its.get("silent", ())), same, asked)


def table(path: Path) -> dict[str, Any]:
    """What a file holds; nothing, where there is none."""
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


class Index:
    """The documents of a language, ready for the browser."""

    def __init__(self, documents: Sequence[Document], said: Spoken) -> None:
        at = {each.address: each.page for each in documents if "#" not in each.address}
        documents = [
            replace(each, page=at.get(each.address.partition("#")[0], each.page))
            for each in documents
        ]
        self.documents, self.said = documents, said
        fields = [
            {"asked": "\n".join(said.asked.get(hosted(each.address), ()))}
            | {name: getattr(each, name) for name in ("title", "page", "text")}
            for each in documents
        ]
        asked = (*said.silent, *said.same, *(each for to in said.same.values() for each in to))
        own = {each for each in (*said.words, *said.silent, *said.same) if han_alone(each)}
        texts = (text for each in fields for text in each.values())
        self.cutter = Cutter(costs(counted((*texts, *asked), sorted(own))))
        cut = [{name: self.cutter.cut(text) for name, text in each.items()} for each in fields]
        self.postings = self.posted(cut)
        self.silent = {word for each in said.silent for word in self.cutter.cut(each)}

    def posted(self, cut: Sequence[Mapping[str, Sequence[str]]]) -> dict[str, dict[int, float]]:
        """Word → document → how much it says of it, below 1."""
        usual = {
            name: max(1.0, sum(len(each[name]) for each in cut) / max(1, len(cut)))
            for name in FIELDS
        }
        weights: defaultdict[str, defaultdict[int, float]]
        weights = defaultdict(lambda: defaultdict(float))
        inside = {}
        for number, each in enumerate(cut):
            for name, (weight, takes) in FIELDS.items():
                length = 1 - takes + takes * len(each[name]) / usual[name]
                for word, often in Counter(each[name]).items():
                    weights[word][number] += weight * often / length
                    if word not in inside:
                        inside[word] = list(self.cutter.inside(word))
                    for part in inside[word]:
                        weights[part][number] += INSIDE * weight * often / length
        boosts = [each.boost for each in self.documents]
        return {
            word: {n: boosts[n] * much / (much + ENOUGH) for n, much in at.items()}
            for word, at in weights.items()
            if len(word) > 1 or word in self.said.words
        }

    def orphans(self, root: Path, language: str) -> Iterator[Mistake]:
        """What readers' words are said to mean, where no document has it; and what is asked of
        sections that are not there."""
        known = {hosted(each.address) for each in self.documents}
        source = ASKED.format(language)
        for address in self.said.asked.keys() - known:
            line = line_of(root / source, address)
            yield Mistake(source, line, f'there is no section "{address}": write where it is now')
        if not self.said.same:
            return
        for key, meant in self.said.same.items():
            for each in meant:
                words = [word for word in self.cutter.cut(each) if word not in self.silent]
                at = [self.postings.get(word, {}).keys() for word in words]
                if at and set.intersection(*map(set, at)):
                    continue
                line = line_of(root / SOURCE, key)
                what = f'no section has "{each}", which "{key}" leads to: write what one has'
                yield Mistake(SOURCE, line, what)

    def script(self) -> str:
        """The index as the script that a page loads."""
        pages = list(dict.fromkeys(each.page for each in self.documents))
        number = {page: n for n, page in enumerate(pages)}
        data = {
            "rules": RULES,
            "stems": STEMS,
            "silent": sorted(self.silent),
            "own": sorted(word for word in self.said.words if len(word) == 1),
            "same": {
                " ".join(self.cutter.cut(key)): [self.cutter.cut(each) for each in meant]
                for key, meant in self.said.same.items()
            },
            "costs": " ".join(f"{word}{cost}" for word, cost in self.dictionary().items()),
            "pages": pages,
            "documents": [
                [each.address, each.title, each.text[:SHOWN], number[each.page]]
                for each in self.documents
            ],
            "words": "\n".join(
                f"{word} {encoded(at)}" for word, at in sorted(self.postings.items())
            ),
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return f"var searchIndex={text}".replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

    def dictionary(self) -> dict[str, int]:
        return dict(sorted(self.cutter.dictionary.items()))


def hosted(address: str) -> str:
    """An address as it is on a server, where on a disk it is a file's."""
    return re.sub(
        r"(?:(^|/)index|(\w))\.html(?=#|$)",
        lambda its: its[1] if its[2] is None else f"{its[2]}/",
        address,
    )


def line_of(path: Path, key: str) -> int:
    """Where a key of a table stands."""
    lines = path.read_text("utf-8").splitlines()
    return next(n for n, text in enumerate(lines, 1) if text.startswith(f'"{key}" ='))


def han_alone(text: str) -> bool:
    """Whether a text is a run of Chinese."""
    return all(map(han.match, text))


def encoded(at: Mapping[int, float]) -> str:
    """Documents and how much: of each how far it is from the last, in base 36, and a letter."""
    text, last = [], 0
    for number, much in sorted(at.items()):
        text.append(base36(number - last) + LEVELS[min(25, int(26 * much))])
        last = number
    return "".join(text)


def base36(number: int) -> str:
    """A number as JavaScript's ``parseInt(text, 36)`` reads it."""
    text = DIGITS[number % 36]
    while number := number // 36:
        text = DIGITS[number % 36] + text
    return text


def write(language: Path, index: Index) -> None:
    """Put the index into a built language."""
    path = language / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(index.script(), "utf-8")
