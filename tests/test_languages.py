"""Languages are found, and complete in their words or refused; a third one takes no code."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from macros import languages
from macros.errors import Mistake, Mistakes
from macros.languages import Words

from .pages_project import EN, LANGUAGES, REPOSITORY, WORDS, ZH

EN_WORDS = "docs/words/en.toml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(REPOSITORY / "docs/words", tmp_path / "docs/words")
    for code, language in LANGUAGES.items():
        (tmp_path / "docs" / code).mkdir()
        shutil.copy(REPOSITORY / language.config, tmp_path)
    return tmp_path


def edit(old: str, new: str) -> Callable[[Path], None]:
    def do(root: Path) -> None:
        text = (root / EN_WORDS).read_text("utf-8")
        assert old in text
        (root / EN_WORDS).write_text(text.replace(old, new, 1), "utf-8")

    return do


def told(root: Path) -> list[str]:
    return list(map(str, languages.find(root)[1]))


def test_the_default_language_is_first(root: Path) -> None:
    assert not told(root)
    assert next(iter(languages.read(root).values())).config == "mkdocs.yml"
    config = root / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("docs_dir: docs/zh", "docs_dir: docs/en"))
    (root / "mkdocs.en.yml").rename(root / "mkdocs.zh.yml")
    assert list(languages.read(root)) == ["en", "zh"]


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (edit('verified = "Verified"\n', ""), '"verified" is missing'),
        (edit('gone = "gone"\n', ""), '"diagram.gone" is missing'),
        (edit('verified = "', 'verifed = "Verified"\nverified = "'), '"verifed" is no word of'),
        (edit('new = "new"', 'new = ""'), '"diagram.new" is empty'),
        (edit('new = "new"', "new = 3"), '"diagram.new" is empty, or no text'),
        (edit('"Show {} more lines"', '"Show more lines"'), '"more" has other braces'),
        (edit("{} on {}", "{1} on {1}"),
         '"diagram.parent" has other braces than in the default language: {0} {1}'),
        (edit('"Host {}"', '"Host {"'), '"diagram.host" has other braces'),
        (edit('"Host {}"', '"Host <b>{}</b>"'), '"diagram.host" is markup'),
        (edit('"Host {}"', '"Host {}'), "broken TOML"),
        (lambda root: (root / EN_WORDS).unlink(), "is missing"),
        (lambda root: (root / EN_WORDS).write_bytes(b'a = "\xe9"'), "not UTF-8"),
    ],
)  # fmt: skip
def test_words_that_are_not_complete_are_refused(
    root: Path, harm: Callable[[Path], None], what: str
) -> None:
    harm(root)
    (line,) = told(root)
    assert line.startswith(f"{EN_WORDS}: ")
    assert what in line
    with pytest.raises(Mistakes, match=re.escape(what)):
        languages.read(root)


def test_everything_that_is_wrong_is_told_at_once(root: Path) -> None:
    edit('verified = "Verified"\n', "")(root)
    edit('new = "new"', 'new = ""')(root)
    (root / "docs/fr").mkdir()
    (root / "mkdocs.de.yml").write_text("")
    places = [line.split(":")[0] for line in told(root)]
    assert sorted(places) == [
        "docs/de", "docs/words/de.toml", EN_WORDS, EN_WORDS, "docs/words/fr.toml", "mkdocs.fr.yml",
    ]  # fmt: skip


def test_a_translation_may_say_things_in_another_order() -> None:
    port = ("8080", "80/tcp", "web")
    assert EN.diagram.published.format(*port) == "Published port 8080 → 80/tcp of container web"
    assert ZH.diagram.published.format(*port) == "发布端口 8080 → 容器 web 的 80/tcp"


def asked() -> Iterator[tuple[str, str]]:
    """The words that code asks for by name, and where."""
    for file in (REPOSITORY / "macros").rglob("*.py"):
        text = file.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "languages import" in text else ():
            if isinstance(node, ast.Attribute):
                of = node.value
                name = of.attr if isinstance(of, ast.Attribute) else getattr(of, "id", "")
                if name == "words":
                    yield node.attr, file.name


def test_every_word_that_code_asks_for_is_there() -> None:
    known = {part for key in languages.leaves(table()) for part in key.split(".")}
    for word, file in asked():
        assert word in known or hasattr(Words, word), f"{file} asks for {word}"


def table() -> dict[str, object]:
    wrong: list[Mistake] = []
    return dict(languages.words(REPOSITORY, languages.TERMINAL, wrong))


def test_every_word_is_asked_for() -> None:
    paths = [*(REPOSITORY / "macros").rglob("*.py"), *(REPOSITORY / "docs/theme").rglob("*.html")]
    code = "\n".join(path.read_text("utf-8") for path in paths)
    tables = ("yours", "troubled", "volatile", "reason", "terminal")
    for key in languages.leaves(table()):
        if key.split(".")[0] not in tables:
            assert re.search(rf"\b{key.split('.')[-1]}\b", code, re.IGNORECASE), key


def reasons() -> Iterator[tuple[str, int]]:
    """The reasons that code gives, and how many arguments each has."""
    for file in (REPOSITORY / "macros").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name("Reason"), args=[ast.Constant(str(kind))]):
                    yield kind, 0
                case ast.Call(
                    func=ast.Name("Reason"), args=[ast.Constant(str(kind)), ast.Tuple(elts)]
                ):
                    yield kind, len(elts)


def test_every_reason_has_words_for_all_that_it_says() -> None:
    given = dict(reasons())
    assert len(given) >= 20
    said = {**EN.reason, **EN.terminal}
    for kind, count in given.items():
        assert len(languages.fields(said[kind])) == count, kind


def test_a_word_is_read_and_not_written() -> None:
    with pytest.raises(AttributeError):
        EN.verified = "True"
    with pytest.raises(AttributeError):
        _ = EN.nothing_of_the_kind
    assert all(words.diagram.host for words in WORDS.values())
