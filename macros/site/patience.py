"""MkDocs' hook that ends a page which takes for ever, by its name."""

from __future__ import annotations

from typing import Any

from mkdocs.exceptions import PluginError

from macros import limit
from macros.errors import Mistake, Mistakes


def on_pre_page(page: Any, config: Any, files: Any) -> Any:
    """From here on the page's Markdown is made, of its macros first."""
    path = f"docs/{config['extra']['lang']}/{page.file.src_uri}"
    late = Mistakes([Mistake(path, 1, limit.LONG)])
    error = PluginError(str(late))
    error.__cause__ = late
    limit.begin(limit.PAGE, error)
    return page


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """It is made."""
    limit.end()
    return html
