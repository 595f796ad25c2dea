"""Pages as they are written: the macros they call, their headings, and where. Runs no macro.

A page may hold `{{{ macro("constant", …) }}}` and nothing else of Jinja: its own parser
reads the page, and what is not such a call is never compiled.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from ..errors import Mistake
from ..scenes.messages import near, suggestion
from . import frontmatter
from .frontmatter import Alias
from .headings import HEADING, Heading, fenced_lines, outline
from .macros import MACROS

JINJA = SandboxedEnvironment(
    variable_start_string="{{{",
    variable_end_string="}}}",
    block_start_string="{{%",
    block_end_string="%}}",
    comment_start_string="{##",
    comment_end_string="##}",
    keep_trailing_newline=True,
)
"""Delimiters under which `{{.State.Pid}}`, `{#id}` and `[[ -f x ]]` are plain text."""


KEPT = 512
"""Texts of pages of which it is remembered how they are taken apart."""
NOT_UTF8 = "this is not UTF-8: save the file as UTF-8"


CALL = re.compile(r"\{\{\{")
TWO_BRACES = re.compile(r"(?<!\{)\{\{\s*([a-z_]+)\s*\(")


@dataclass(frozen=True, slots=True)
class Reference:
    """One macro call."""

    page: str
    """`docs/en/modes/bridge.md`."""
    line: int
    macro: str
    args: tuple[str, ...]

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """The steps or values that it names, each with its scene.

        Where a macro takes several scenes, "other/step" names one of another: it and what follows.
        """
        scene, *names = self.args or ("",)
        found = []
        for name in names:
            if MACROS[self.macro].across and "/" in name:
                scene, name = name.split("/", 1)
            found.append((scene, name))
        return tuple(found)

    @property
    def scenes(self) -> frozenset[str]:
        """The scenes that it names."""
        return frozenset((*self.args[:1], *(scene for scene, _ in self.named)))

    def __str__(self) -> str:
        return f"{self.macro}({', '.join(map(repr, self.args))})"


@dataclass(frozen=True, slots=True)
class Page:
    """A page taken apart; `parts` in order are its whole text below the front matter."""

    path: str
    parts: tuple[str | Reference, ...] = ()
    headings: tuple[Heading, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    above: int = 0
    """Lines of front matter."""
    title: str = ""
    description: str = ""
    body: str = ""
    """The text below the front matter, as it is written."""
    aliases: tuple[Alias, ...] = ()
    """Its old addresses, and those of places on it."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The macro calls, in order."""
        return tuple(part for part in self.parts if isinstance(part, Reference))


def missing(scene: str, kind: str, name: str, known: Collection[str]) -> str:
    """That a scene has no step or value of a name, and what to write instead."""
    hint = f'did you mean "{close}"?' if (close := near(name, known)) else ""
    return f'scene "{scene}" has no {kind} "{name}"; ' + (
        hint or f"it has: {', '.join(known) or 'none'}"
    )


def read(root: Path, path: Path) -> Page:
    """Take a page apart, with the lines of the file, front matter counted."""
    name = path.relative_to(root).as_posix()
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Page(name, mistakes=(Mistake(name, line, NOT_UTF8),))
    front = frontmatter.read(name, text)
    page = parse(name, front.body, front.above)
    return replace(
        page,
        mistakes=(*front.mistakes, *page.mistakes),
        above=front.above,
        title=front.title,
        description=front.description,
        body=front.body,
        aliases=front.aliases,
    )


@lru_cache(KEPT)
def parse(name: str, body: str, above: int = 0) -> Page:
    """Take the text below `above` lines of front matter apart."""
    headings, wrong = outline(name, body, above)
    wrong += two_braces(name, body, above)
    if "{{%" in body:
        line = above + 1 + body[: body.index("{{%")].count("\n")
        return Page(name, (), headings, (*wrong, Mistake(name, line, only())))
    try:
        tree = JINJA.parse(body)
    except TemplateSyntaxError as error:
        at = Mistake(name, above + error.lineno, f"{error.message}; {only()}")
        return Page(name, (), headings, (*wrong, at))
    except RecursionError:
        return Page(name, (), headings, (*wrong, Mistake(name, 0, only())))
    lines = body.split("\n")
    fenced = fenced_lines(body)
    parts: list[str | Reference] = []
    for node in written(tree):
        if isinstance(node, nodes.TemplateData):
            parts.append(node.data)
            continue
        found = call(name, above, node)
        if isinstance(found, Mistake):
            wrong.append(found)
            continue
        parts.append(found)
        opened = above + fenced[node.lineno] if node.lineno in fenced else 0
        if what := misplaced(found, lines[node.lineno - 1], opened):
            wrong.append(Mistake(name, found.line, what))
    return Page(name, tuple(parts), headings, tuple(wrong))


def stray(text: str) -> str:
    """What a text holds of Jinja beside calls, for a message; "" where there is nothing."""
    if "{{%" in text:
        return only()
    try:
        for node in written(JINJA.parse(text)):
            if not isinstance(node, nodes.TemplateData):
                found = call("", 0, node)
                if isinstance(found, Mistake):
                    return found.what
    except (TemplateSyntaxError, RecursionError):
        return only()
    return ""


def written(tree: nodes.Template) -> Iterator[nodes.Node]:
    """The texts and expressions of a template in order, and whatever else is in it."""
    for node in tree.body:
        yield from node.nodes if isinstance(node, nodes.Output) else (node,)


def only() -> str:
    """What a page may hold, for a message."""
    forms = " and ".join(f"{{{{{{ {form.form} }}}}}}" for form in MACROS.values())
    return f"a page may hold only {forms}"


def call(name: str, above: int, node: nodes.Node) -> Reference | Mistake:
    """A macro call with constant arguments, or what is wrong with it."""
    line = above + node.lineno
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)):
        return Mistake(name, line, only())
    macro = node.node.name
    if macro not in MACROS:
        hint = suggestion(macro, MACROS)
        return Mistake(name, line, f'no macro "{macro}": {hint if near(macro, MACROS) else only()}')
    args = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
    texts = tuple(arg for arg in args if isinstance(arg, str))
    odd = len(texts) != len(node.args) or node.kwargs or node.dyn_args or node.dyn_kwargs
    form = MACROS[macro]
    if odd or not form.least <= len(texts) <= form.most:
        return Mistake(name, line, f"write {{{{{{ {form.form} }}}}}}, with quoted names")
    return Reference(name, line, macro, texts)


def two_braces(name: str, body: str, above: int) -> Iterator[Mistake]:
    """Calls with two braces, which would be published as they are written."""
    for number, line in enumerate(body.split("\n"), above + 1):
        for found in TWO_BRACES.finditer(line):
            if macro := near(found[1], MACROS):
                what = (
                    f"two braces call nothing: write {{{{{{ {MACROS[macro].form} }}}}}} with three"
                )
                yield Mistake(name, number, what)


def misplaced(reference: Reference, line: str, opened: int) -> str:
    """What is wrong with where a macro stands, "" if nothing; `opened` is the line of its fence."""
    if opened:
        fence = f"the code fence that opens on line {opened}"
        return f"{reference.macro}() inside {fence} is not drawn; move it out, or close the fence"
    alone = line.startswith("{{{") and line.rstrip().endswith("}}}") and line.count("{{{") == 1
    if MACROS[reference.macro].block and not alone:
        return f"{reference.macro}() draws a block: put it alone on a line, without indentation"
    if any(line[: at.start()].count("`") % 2 for at in CALL.finditer(line)):
        return f"{reference.macro}() between backticks: it is code already, take them away"
    if HEADING.match(line):
        return f"{reference.macro}() in a heading: say it in the sentence below instead"
    return ""
