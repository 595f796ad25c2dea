"""A hook of MkDocs: the search's Chinese segmenter keeps its cache in the project.

By itself jieba keeps it in the temporary folder, under one name for all users of a machine:
a second user cannot write it, and reads what the first has put there.
"""

from __future__ import annotations

import logging
from pathlib import Path

import jieba

CACHE = Path(__file__).parents[2] / ".cache/jieba"


def on_startup(command: str, dirty: bool) -> None:
    """Say where the cache is, before the search plugin loads its words."""
    CACHE.mkdir(parents=True, exist_ok=True)
    jieba.dt.tmp_dir = str(CACHE)
    jieba.setLogLevel(logging.WARNING)  # it tells of its cache at each start
