"""Pages as they are written: the macros they call, their headings, and where. Runs no macro.

A page may hold `{{{ macro("constant", …) }}}` and nothing else of Jinja: its own parser
reads the page, no template is ever compiled, so there is nothing in it that could run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from mkdocs.utils.meta import get_data

from ..errors import Mistake
from .headings import HEADING, Heading, fenced_lines, outline

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


@dataclass(frozen=True, slots=True)
class Form:
    """How a macro is written, and how many names it takes."""

    text: str
    least: int
    most: float


MACROS = {
    "steps": Form('steps("scene", "step", …)', 2, inf),
    "value": Form('value("scene", "name")', 2, 2),
    "diagram": Form('diagram("scene", "step")', 2, 3),
    "path": Form('path("scene", "step", "capture", …)', 3, inf),
    "evidence": Form("evidence()", 0, 0),
}
BLOCKS = frozenset({"steps", "diagram", "path", "evidence"})
"""Macros that draw a block, and so stand alone on a line."""
FRONT_MATTER = frozenset({"title", "description", "hide", "search", "icon", "status"})


CALL = re.compile(r"\{\{\{")


@dataclass(frozen=True, slots=True)
class Reference:
    """One macro call."""

    page: str
    """`docs/en/modes/bridge.md`."""
    line: int
    macro: str
    args: tuple[str, ...]

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

    @property
    def references(self) -> tuple[Reference, ...]:
        """The macro calls, in order."""
        return tuple(part for part in self.parts if isinstance(part, Reference))


def read(root: Path, path: Path) -> Page:
    """Take a page apart, with the lines of the file, front matter counted."""
    text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    body, meta = get_data(text)
    above = text[: len(text) - len(body)].count("\n")
    name = path.relative_to(root).as_posix()
    refused = sorted(map(str, set(meta) - FRONT_MATTER))
    allowed = ", ".join(sorted(FRONT_MATTER))
    wrong = [
        Mistake(name, 1, f'front matter "{key}" is not allowed; write one of {allowed}')
        for key in refused
    ]
    page = parse(name, body, above)
    return replace(page, mistakes=(*wrong, *page.mistakes), above=above)


def parse(name: str, body: str, above: int = 0) -> Page:
    """Take the text below `above` lines of front matter apart."""
    headings, wrong = outline(name, body, above)
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
        if what := misplaced(found, lines[node.lineno - 1], node.lineno in fenced):
            wrong.append(Mistake(name, found.line, what))
    return Page(name, tuple(parts), headings, tuple(wrong))


def written(tree: nodes.Template) -> Iterator[nodes.Node]:
    """The texts and expressions of a template in order, and whatever else is in it."""
    for node in tree.body:
        yield from node.nodes if isinstance(node, nodes.Output) else (node,)


def only() -> str:
    """What a page may hold, for a message."""
    forms = " and ".join(f"{{{{{{ {form.text} }}}}}}" for form in MACROS.values())
    return f"a page may hold only {forms}"


def call(name: str, above: int, node: nodes.Node) -> Reference | Mistake:
    """A macro call with constant arguments, or what is wrong with it."""
    line = above + node.lineno
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)):
        return Mistake(name, line, only())
    macro = node.node.name
    if macro not in MACROS:
        return Mistake(name, line, f'no macro "{macro}"; {only()}')
    args = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
    texts = tuple(arg for arg in args if isinstance(arg, str))
    odd = len(texts) != len(node.args) or node.kwargs or node.dyn_args or node.dyn_kwargs
    form = MACROS[macro]
    if odd or not form.least <= len(texts) <= form.most:
        return Mistake(name, line, f"write {{{{{{ {form.text} }}}}}}, with quoted names")
    return Reference(name, line, macro, texts)


def misplaced(reference: Reference, line: str, fenced: bool) -> str:
    """What is wrong with where a macro stands, "" if nothing."""
    if fenced:
        return f"{reference.macro}() inside a code fence is not drawn; move it out"
    alone = line.startswith("{{{") and line.rstrip().endswith("}}}") and line.count("{{{") == 1
    if reference.macro in BLOCKS and not alone:
        return f"{reference.macro}() draws a block: put it alone on a line, without indentation"
    if any(line[: at.start()].count("`") % 2 for at in CALL.finditer(line)):
        return f"{reference.macro}() between backticks: it is code already, take them away"
    if HEADING.match(line):
        return f"{reference.macro}() in a heading: say it in the sentence below instead"
    return ""
