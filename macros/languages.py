"""The languages of the site, and the words of each. They are found, and listed nowhere.

A language is its pages in `docs/xx/`, its MkDocs file `mkdocs.xx.yml` and its words in
`docs/words/xx.toml`; the MkDocs file of the default language is `mkdocs.yml`, which the
others inherit. Knows nothing of who says a word, and where.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from .errors import Mistake, Mistakes

DEFAULT = "mkdocs.yml"
TERMINAL = "en"
"""The language of the terminal, and of a reader who knows none of the site's."""
CODE = re.compile(r"[a-z]{2,3}")
"""What a language is called: as in `hreflang`."""
DOCS = re.compile(rf"^docs_dir: docs/({CODE.pattern})\s*$", re.MULTILINE)
MARKUP = re.compile(r'[<>&"]')


class Words(Mapping[str, Any]):
    """What is said in one language, by name: `words.verified`, `words.diagram.title`.

    A word is plain text without markup; what stands in braces is filled in with `str.format`.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.__dict__.update(
            {key: Words(word) if isinstance(word, dict) else word for key, word in table.items()}
        )

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f'there is no word "{name}"')

    def __setattr__(self, name: str, word: object) -> None:
        raise AttributeError("words are read, and not written")

    def __getitem__(self, name: str) -> Any:
        return self.__dict__[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def __len__(self) -> int:
        return len(self.__dict__)

    __hash__ = object.__hash__

    def nth(self, tries: int) -> str:
        """Which try an output is of: the last of the ordinals counts on."""
        *known, last = self.ordinals
        return str(known[tries - 1] if tries <= len(known) else last.format(tries))

    def tooltip(self, rule: str) -> str:
        """What a reader is told of a piece of an output that a normalizing rule found."""
        return str(self.differs.format(self.volatile.get(rule, self.volatile.other)))


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the site."""

    code: str
    config: str
    """Its MkDocs file."""
    words: Words


Languages = Mapping[str, Language]
"""By code, the default first."""


def otherwise(languages: Languages) -> str:
    """The language of a reader who knows none of a site's."""
    return TERMINAL if TERMINAL in languages else next(iter(languages))


@cache
def terminal() -> Words:
    """The words of the terminal, of this project wherever its code is run."""
    wrong: list[Mistake] = []
    table = words(Path(__file__).parents[1], TERMINAL, wrong)
    if wrong:
        raise Mistakes(wrong)
    return Words(table)


def read(root: Path) -> Languages:
    """The languages of a site. Raises `Mistakes` for one that is not complete."""
    languages, wrong = find(root)
    if wrong:
        raise Mistakes(wrong)
    return languages


def find(root: Path) -> tuple[Languages, list[Mistake]]:
    """Every language of which anything is there, and what is wrong with them."""
    config = root / DEFAULT
    text = config.read_text("utf-8", errors="replace") if config.is_file() else ""
    default = DOCS.search(text)
    if not default:
        message = 'write here what the default language is: "docs_dir: docs/xx"'
        return {}, [Mistake(DEFAULT, 0, message)]
    paths = (*root.glob("mkdocs.*.yml"), *root.glob("docs/words/*.toml"))
    codes = {path.name.split(".")[-2] for path in paths}
    codes |= {path.name for path in root.glob("docs/*") if CODE.fullmatch(path.name)}
    codes.discard(default[1])
    wrong: list[Mistake] = []
    languages: dict[str, Language] = {}
    first: Mapping[str, object] = {}
    for code in (default[1], *sorted(codes)):
        config = root / (f"mkdocs.{code}.yml" if languages else DEFAULT)
        for path, part in ((config, "its MkDocs file"), (root / "docs" / code, "its pages")):
            if not path.exists():
                name = path.relative_to(root).as_posix()
                wrong.append(Mistake(name, 0, f'this is missing: a language, "{code}", has {part}'))
        text = config.read_text("utf-8", errors="replace") if config.is_file() else ""
        match = DOCS.search(text)
        if text and (match is None or match[1] != code):
            wrong.append(Mistake(config.name, 0, f'write here "docs_dir: docs/{code}"'))
        table = words(root, code, wrong)
        mine = {key: word for key, word in table.items() if (code, key) != (TERMINAL, "terminal")}
        first = first or mine
        wrong += compare(code, leaves(mine), leaves(first)) if table else ()
        languages[code] = Language(code, config.name, Words(table))
    return languages, wrong


def words(root: Path, code: str, wrong: list[Mistake]) -> Mapping[str, object]:
    """The words in the file of a language; what is wrong with it as a whole is added to `wrong`."""
    name = file_of(code)
    try:
        return tomllib.loads((root / name).read_text("utf-8"))
    except FileNotFoundError:
        message = f'this is missing: a language, "{code}", has its words'
    except tomllib.TOMLDecodeError as error:
        message = f"broken TOML: {error}"
    except UnicodeDecodeError:
        message = "this is not UTF-8: save the file as UTF-8"
    wrong.append(Mistake(name, 0, message))
    return {}


def file_of(code: str) -> str:
    """Where the words of a language are written."""
    return f"docs/words/{code}.toml"


def leaves(table: Mapping[str, object], above: str = "") -> dict[str, object]:
    """The words of a table and of those in it: `diagram.title`."""
    every: dict[str, object] = {}
    for key, word in table.items():
        name = f"{above}{key}"
        every |= leaves(word, f"{name}.") if isinstance(word, dict) else {name: word}
    return every


def compare(
    code: str, mine: Mapping[str, object], first: Mapping[str, object]
) -> Iterator[Mistake]:
    """What is wrong with words, beside those of the default language."""
    for key in first.keys() - mine.keys():
        yield Mistake(file_of(code), 0, f'"{key}" is missing: the default language has it')
    for key, word in mine.items():
        texts: list[Any] = word if isinstance(word, list) else [word]
        if key not in first:
            message = "is no word of the default language: take it away, or write it there too"
        elif not texts or not all(isinstance(text, str) and text for text in texts):
            message = "is empty, or no text: write what is to be said"
        elif any(map(MARKUP.search, texts)):
            message = "is markup: a word is plain text"
        elif braces(texts) != braces(first[key]):
            message = f"has other braces than in the default language: {braces(first[key])}"
        else:
            continue
        yield Mistake(file_of(code), 0, f'"{key}" {message}')


def braces(word: object) -> str | None:
    """What a word leaves to be filled in; of a list the last says it. None: its braces are odd."""
    text = word[-1] if isinstance(word, list) and word else word
    try:
        return " ".join(sorted(f"{{{name or n}}}" for n, name in enumerate(fields(str(text)))))
    except ValueError:
        return None


def fields(text: str) -> list[str]:
    """The names in braces."""
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
