"""What the plugin's Jinja may compile: text and calls of macros, as a page's reader knows them.

It is the last of three: pages are checked before anything runs, and each again before it is
rendered. What comes to it otherwise, a title or a page that nobody read, is refused here.
"""

from __future__ import annotations

from jinja2 import Environment, TemplateSyntaxError
from jinja2.ext import Extension

from .source import JINJA, stray

DELIMITERS = (
    "block_start_string", "block_end_string", "variable_start_string", "variable_end_string",
    "comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix",
)  # fmt: skip


class Gate(Extension):
    """An environment without files, filters and globals, that compiles nothing but calls."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.loader = None
        environment.keep_trailing_newline = True
        for tools in (environment.globals, environment.filters, environment.tests):
            tools.clear()

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The text as it is. Raises `TemplateSyntaxError` for one that is more than calls."""
        if any(getattr(self.environment, one) != getattr(JINJA, one) for one in DELIMITERS):
            raise TemplateSyntaxError("the delimiters are not those that pages are read by", 1)
        if what := stray(source):
            raise TemplateSyntaxError(what, 1, name, filename)
        return source
