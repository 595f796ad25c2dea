"""The real pages, scenes and transcripts of this repository fit together."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros import outcome
from macros.commands import build, check
from macros.model import Mode, Report, Verdict
from macros.pages import checks, claims
from macros.pages.source import parse

from .pages_project import BRIDGE
from .tools.paste import paste

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    scenes, _ = build.read_checked(ROOT)
    recorded = outcome.read_recorded(ROOT, scenes)
    return dict(outcome.conclude(outcome.Order(ROOT, Mode.REPLAY), scenes, recorded).reports)


def test_pages_scenes_and_transcripts_fit_together_in_every_language(
    reports: dict[str, Report],
) -> None:
    trees = checks.read_all(ROOT)
    assert len({tuple(sorted(tree)) for tree in trees.values()}) == 1
    assert len(reports) >= 40


def test_every_recording_holds_what_is_expected_of_it(reports: dict[str, Report]) -> None:
    verdicts = {step.verdict for one in reports.values() for step in one.steps}
    assert verdicts <= {Verdict.PASSED, Verdict.SKIPPED}


def test_no_literal_in_prose_is_unbacked(reports: dict[str, Report]) -> None:
    assert not list(map(str, claims.check(ROOT, reports)))


def test_the_schema_for_editors_is_that_of_the_models() -> None:
    assert not list(check.schema(ROOT, fix=False))


@pytest.mark.parametrize(
    ("prose", "literal"),
    [
        ("The gateway is 172.17.0.9.", "172.17.0.9"),
        ("It sits on docker9 and eth7.", "eth7"),
        ("Since Docker 19.03 it does.", "19.03"),
        ("地址 fd00:1::9 是固定的。", "fd00:1::9"),
    ],
)
def test_a_literal_that_no_step_printed_is_found(prose: str, literal: str) -> None:
    shown = '# X {#x}\n\n{{{ steps("bridge", "docker0") }}}\n\n'
    page = parse("docs/en/x.md", f"{shown}{prose}\n")
    found = [str(one) for one in claims.unbacked(page, claims.backing([page], {"bridge": BRIDGE}))]
    assert any(literal in one and ":5" in one for one in found), found


def test_a_literal_is_backed_by_a_step_a_source_or_a_mark() -> None:
    page = parse(
        "docs/en/x.md",
        '# X {#x}\n\n{{{ steps("bridge", "docker0") }}}\n\nThe bridge has 172.17.0.1.\n'
        "Once it was [172.17.42.1](https://docs.docker.com/).\n\n"
        '!!! not-run "Not run here"\n\n    It is 10.9.9.9 there.\n',
    )
    assert not list(claims.unbacked(page, claims.backing([page], {"bridge": BRIDGE})))


def test_pasted_pages_need_no_code_of_this_project(tmp_path: Path) -> None:
    paste(ROOT, tmp_path)
    config = (tmp_path / "mkdocs.yml").read_text("utf-8")
    assert "macros" not in config
    page = (tmp_path / "docs/zh/modes/bridge.md").read_text()
    assert "<figure" in page
    assert "{{{" not in page
