"""What translations owe, and the word that nothing is owed: read, and nothing to change."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ..errors import Exit, Mistake, Mistakes
from ..languages import read
from ..model import Say
from ..pages import checks, translations
from ..scenes.messages import suggestion


def translated(root: Path, asked: Collection[str], everything: bool, say: Say) -> Exit:
    """Declare pages or sections to say the same in all languages; without any, say what is owed.

    Raises `Mistakes` for what is not there in each of them.
    """
    languages = read(root)
    trees = checks.read_all(root)
    record, wrong = translations.read(root)
    if not asked and not everything:
        if wrong:
            raise Mistakes(wrong)
        owed = list(map(str, translations.notices(trees, record)))
        for line in owed or ["all languages say the same"]:
            say(line)
        return Exit.FINE
    names = {name for tree in trees.values() for name in tree}
    sections = [(name, "") for name in sorted(names) if everything]
    for one in asked:
        name, id = named(one, languages)
        sections.append((name, id))
        if name not in names:
            wrong.append(Mistake(one, 0, f"no such page: {suggestion(name, names)}"))
    if wrong:
        raise Mistakes(wrong)
    record, wrong = translations.declare(trees, record, sections)
    if wrong:
        raise Mistakes(wrong)
    translations.write(root, record)
    for name, id in sections:
        say(f"{name}{id and f'#{id}'}: the same in {', '.join(languages)}")
    return Exit.FINE


def named(text: str, languages: Collection[str]) -> tuple[str, str]:
    """A page and a heading as they are typed: `modes/bridge.md#id`, `docs/en/modes/bridge.md`."""
    name, _, id = text.partition("#")
    for code in languages:
        name = name.removeprefix(f"docs/{code}/")
    return name if name.endswith(".md") else f"{name}.md", id
