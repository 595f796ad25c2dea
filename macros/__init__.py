"""Docker networking, every output really printed.

As a module of mkdocs-macros, this is the door for MkDocs, which the command line never loads.
"""

from __future__ import annotations

from typing import Any


def define_env(env: Any) -> None:
    """Called once a build, by Zensical once a page."""
    from . import door

    door.define_env(env)


def on_pre_page_macros(env: Any) -> None:
    """Called before each page is rendered."""
    from . import door

    door.on_pre_page_macros(env)


def on_post_page_macros(env: Any) -> None:
    """Called when it is."""
    from . import door

    door.on_post_page_macros(env)
