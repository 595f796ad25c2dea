"""From a page to what it is written in: the repository's address is one setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.pages import proof
from macros.pages.ways import Ways
from macros.site import site

from .pages_project import BRIDGE, EN, REPORTS, make


def test_a_block_leads_to_the_line_of_its_scene_only_where_that_has_an_address() -> None:
    step = BRIDGE.steps[0]
    drawn = proof.details(BRIDGE, [step], EN, Ways(repository="https://github.com/o/n"))
    way = f"https://github.com/o/n/blob/HEAD/docs/scenes/bridge.yml#L{step.line or 1}"
    assert f'href="{way}"' in drawn
    assert EN.source not in proof.details(BRIDGE, [step], EN)


@pytest.mark.parametrize("address", ["https://github.com/o/n/", "", "javascript:alert(1)"])
def test_each_page_is_edited_in_its_own_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("REPO_URL", address)
    built = site.build(make(tmp_path), REPORTS, lambda line: None).site
    for code in ("zh", "en"):
        page = (built / code / "modes/bridge/index.html").read_text("utf-8")
        edit = f"https://github.com/o/n/edit/HEAD/docs/{code}/modes/bridge.md"
        assert (f'href="{edit}"' in page) == address.startswith("https")
        assert ('rel="edit"' in page) == address.startswith("https")
        assert "javascript:alert" not in page
