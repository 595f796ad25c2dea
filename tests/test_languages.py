"""Languages are found, and complete in their words or refused; a third one takes no code."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from macros import languages, phrases
from macros.errors import Mistake, Mistakes
from macros.languages import Words
from macros.model import Reason
from macros.pages import checks, translations
from macros.site import site

from .pages_project import EN, LANGUAGES, REPORTS, REPOSITORY, WORDS, ZH, make

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
    english = (root / "mkdocs.en.yml").read_text("utf-8")
    (root / "mkdocs.zh.yml").write_text(english.replace("docs/en", "docs/zh"), "utf-8")
    (root / "mkdocs.en.yml").unlink()
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
    (root / "mkdocs.de.yml").write_text("docs_dir: docs/en\n")
    places = [line.split(":")[0] for line in told(root)]
    assert sorted(places) == [
        "docs/de", "docs/words/de.toml", EN_WORDS, EN_WORDS, "docs/words/fr.toml",
        "mkdocs.de.yml", "mkdocs.fr.yml",
    ]  # fmt: skip


def test_a_translation_may_say_things_in_another_order() -> None:
    port = ("8080", "80/tcp", "web")
    assert EN.diagram.published.format(*port) == "Published port 8080 → 80/tcp of container web"
    assert ZH.diagram.published.format(*port) == "发布端口 8080 → 容器 web 的 80/tcp"


def asked() -> Iterator[tuple[str, str]]:
    """The words that code asks for by name, and where."""
    for file in (REPOSITORY / "macros").rglob("*.py"):
        text = file.read_text("utf-8")
        for node in (
            ast.walk(ast.parse(text))
            if re.search(r"languages import .*(Words|terminal)", text)
            else ()
        ):
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


def test_a_reason_is_in_no_text_as_it_is() -> None:
    with pytest.raises(TypeError, match=r"phrases\.py"):
        _ = f"skipped: {Reason('unrun')}"
    assert phrases.reason(Reason("unrun"), ZH) == "没有运行"


def test_a_word_is_read_and_not_written() -> None:
    with pytest.raises(AttributeError):
        EN.verified = "True"
    with pytest.raises(AttributeError):
        _ = EN.nothing_of_the_kind
    assert all(words.diagram.host for words in WORDS.values())


FR = """\
INHERIT: mkdocs.yml
site_name: Réseau Docker
docs_dir: docs/fr
site_dir: site/fr
theme: {language: fr}
nav:
  - index.md
  - Modes: [modes/index.md, modes/bridge.md]
"""


def with_french(root: Path) -> Path:
    """A small site with a third language: its pages, its MkDocs file, its words; and no code."""
    make(root)
    shutil.copytree(root / "docs/en", root / "docs/fr")
    (root / "mkdocs.fr.yml").write_text(FR, "utf-8")
    words = (root / EN_WORDS).read_text("utf-8").partition("[terminal]")
    rest = words[2].partition("\n[")
    text = (words[0] + "[" + rest[2]).replace('name = "English"', 'name = "Français"')
    text = text.replace("Read this page in English", "Lire cette page en français")
    text = text.replace('verified = "Verified"', 'verified = "Vérifié"')
    text = text.replace("Docker networking, proven", "Le réseau Docker, prouvé")
    (root / "docs/words/fr.toml").write_text(text, "utf-8")
    return root


def test_a_third_language_takes_its_pages_its_file_and_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", "https://docs.example/net/")
    root = with_french(tmp_path)
    assert list(languages.read(root)) == ["zh", "en", "fr"]
    published = site.build(root, REPORTS, lambda line: None)
    assert dict(published.pages) == {"zh": 3, "en": 3, "fr": 3}
    built = published.site
    landing = (built / "index.html").read_text("utf-8")
    for name in ("中文", "English", "Français"):
        assert f">{name}</a>" in landing
    assert 'data-languages="zh en fr"' in landing
    assert "Le réseau Docker, prouvé</h1>" in landing
    assert '<section id="fr" lang="fr">' in landing
    assert 'lang="fr"' in (built / "404.html").read_text("utf-8")
    page = (built / "fr/modes/bridge/index.html").read_text("utf-8")
    assert "Vérifié" in page
    assert set(re.findall(r'rel="alternate " hreflang="(\w+)" href="(\S+)"', page)) == {
        (code, f"https://docs.example/net/{code}/modes/bridge/") for code in ("zh", "en", "fr")
    }
    switch = re.findall(r'data-other-language\s+href="(\S+)"', page)
    assert switch == [f"../../../{code}/modes/bridge/" for code in ("zh", "en")]
    assert "docker0" in (built / "fr/search/index.js").read_text("utf-8")
    assert "net/fr/sitemap.xml" in (built / "sitemap.xml").read_text("utf-8")
    assert 'hreflang="fr"' in (built / "zh/sitemap.xml").read_text("utf-8")


def test_every_language_is_held_against_the_default_one(tmp_path: Path) -> None:
    root = with_french(tmp_path)
    assert not list(checked(root))
    (root / "docs/fr/modes/bridge.md").unlink()
    page = root / "docs/fr/index.md"
    page.write_text(page.read_text("utf-8").replace("{#home}", "{#accueil}"), "utf-8")
    owed = "\n".join(map(str, translations.notices(checks.read_all(root), {})))
    assert "docs/zh/modes/bridge.md: only here" in owed
    assert "write the same page at docs/fr/modes/bridge.md" in owed
    said = "\n".join(checked(root))
    assert "docs/zh/index.md:6: # … {#home} here, but # … {#accueil} at docs/fr/index.md" in said
    assert "mkdocs.fr.yml:8:" in said
    assert "docs/en" not in said


def checked(root: Path) -> Iterator[str]:
    """What is wrong with pages, but for what only scenes are missing for."""
    for one in checks.check(root, {}, REPORTS):
        yield str(one)
