"""A hook of MkDocs: Material's search has its Chinese cut into words by rjieba, for jieba.

Both cut alike: one algorithm, one dictionary. jieba is published as source alone, and its build
fetches what no digest pins; rjieba comes as a wheel, loads five times as fast and writes no cache.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import ModuleType

import rjieba
from material.plugins.search import plugin


class Segmenter:
    """What Material's search asks of the module jieba."""

    @cached_property
    def words(self) -> rjieba.Jieba:
        """The dictionary, loaded when the first Chinese is to be cut."""
        return rjieba.Jieba()

    def load_userdict(self, path: str) -> None:
        """Add words: a file with one a line, and how frequent it is."""
        for line in Path(path).read_text("utf-8").splitlines():
            word, frequency = line.split()
            self.words.add_word(word, int(frequency), None)

    def cut(self, text: bytes) -> list[str]:
        """The words of a text in UTF-8."""
        return list(self.words.cut(text.decode()))


def on_startup(command: str, dirty: bool) -> None:
    """Stand in for jieba before the search plugin is configured; once in a process."""
    if plugin.jieba is None or isinstance(plugin.jieba, ModuleType):
        plugin.jieba = Segmenter()
