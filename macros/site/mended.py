"""One fault of the search that Material ships, mended in the built site. Knows no page.

lunr keys the nodes of its word tree by the plain run of labels and numbers, so that among
words with digits two unlike nodes get one key: it then finds words that no page has, and
the whole query comes to nothing (`DOCKER-ISOLATION-STAGE-1` did). A separator tells them apart.
"""

from __future__ import annotations

import re
from pathlib import Path

KEY = re.compile(r'(this\.final\?"1":"0".{0,120}?)(\w+)=\2\+(\w+)\+(\w+)\.id(?!\+)')


def search(language: Path) -> None:
    """Mend the search worker of one built language."""
    for worker in language.glob("assets/javascripts/workers/search.*.min.js"):
        text = worker.read_text("utf-8")
        worker.write_text(KEY.sub(r'\1\2=\2+\3+\4.id+"/"', text, count=1), "utf-8")
