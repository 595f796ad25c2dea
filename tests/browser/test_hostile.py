"""What is let by as text, parsed by a browser without a policy: nothing in it is active."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from macros.model import Verdict
from macros.pages import console

from ..pages_project import WORDS
from ..test_hostile_pages import PAGES, full
from ..test_hostile_transcripts import OUTPUTS, seen
from .conftest import Open

ACTIVE = """(html) => {
  const inside = new DOMParser().parseFromString(html, "text/html");
  const found = [...inside.querySelectorAll(
    "script, style, iframe, object, embed, base, form, meta, link, svg, math, .mermaid")];
  const bad = /^(?!https?:|mailto:|#|[^:]*$)/i;
  for (const one of inside.querySelectorAll("*"))
    for (const { name, value } of one.attributes)
      if (name.startsWith("on") || ["href", "src", "action"].includes(name) && bad.test(value))
        found.push(one);
  return found.map((one) => one.outerHTML.slice(0, 80));
}"""


def test_a_browser_sees_nothing_active_in_what_is_text(open_page: Open, tmp_path: Path) -> None:
    shown = {name: full(tmp_path).convert(one.text) for name, one in PAGES.items() if not one.line}
    for name, text in OUTPUTS.items():
        said, one = seen(text)
        for verdict in (Verdict.PASSED, Verdict.FAILED, Verdict.DRIFTED, Verdict.UNSTEADY):
            each = replace(one, verdict=verdict)
            drawn = console.console(replace(said, steps=(each,)), [each], WORDS["en"], set())
            shown[f"{name}, {verdict}"] = drawn
    assert len(shown) > 70
    with open_page() as page:
        assert page.evaluate(ACTIVE, "<p onclick=x><a href=' javascript:x'>")  # it can fail
        found = {name: page.evaluate(ACTIVE, html) for name, html in shown.items()}
    assert {name: some for name, some in found.items() if some} == {}
