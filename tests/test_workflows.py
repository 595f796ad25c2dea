"""The workflows: who may do what, what is run, and that it is what people run."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from macros import engines
from macros.commands.check import workflows

from .pages_project import REPOSITORY

FILES = sorted((REPOSITORY / ".github/workflows").glob("*.yml"))
WRITES = {
    "comment.yml": {"comment": {"pull-requests"}},
    "nightly.yml": {"issue": {"issues"}},
    "publish.yml": {"deploy": {"pages", "id-token"}},
}
"""What each job may write; no other may write anything."""
PINNED = re.compile(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
RUN = re.compile(
    r'(?:sudo )?scripts/([a-z]+)(?: [\w./*-]+| "\$[A-Z]+")*( >>"\$GITHUB_(OUTPUT|STEP_SUMMARY)")?'
)
"""A script, its words, variables in quotes, where it says it: no shell beside."""


def read(path: Path) -> dict[str, Any]:
    """A workflow; `on` is YAML's old word for true."""
    raw = yaml.safe_load(path.read_text("utf-8"))
    return {**raw, "on": raw[True]}


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in FILES:
        for name, job in read(path)["jobs"].items():
            yield path.name, name, job


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for file, _, job in jobs():
        yield from ((file, step) for step in job["steps"])


def test_there_are_four() -> None:
    assert [path.stem for path in FILES] == ["comment", "nightly", "publish", "pull-request"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_may_be_written_but_where_it_must(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for name, job in workflow["jobs"].items():
        granted = {key for key, value in job.get("permissions", {}).items() if value != "read"}
        assert granted == WRITES.get(path.name, {}).get(name, set()), name
        assert "timeout-minutes" in job
        assert job["runs-on"] == "ubuntu-24.04"


def test_strangers_code_meets_no_secret_and_no_token() -> None:
    text = (REPOSITORY / ".github/workflows/pull-request.yml").read_text("utf-8")
    assert read(REPOSITORY / ".github/workflows/pull-request.yml")["on"] == "pull_request"
    for word in ("secrets", "github.token", "write", "pull_request_target"):
        assert f"{word}:" not in text
        assert f"{word}." not in text
        assert f"{{{{ {word}" not in text


def test_who_may_write_runs_what_main_holds() -> None:
    workflow = read(REPOSITORY / ".github/workflows/comment.yml")
    assert workflow["on"] == {
        "workflow_run": {"workflows": ["pull request"], "types": ["completed"]}
    }
    (checkout,) = (s for s in workflow["jobs"]["comment"]["steps"] if "uses" in s)
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    name = read(REPOSITORY / ".github/workflows/pull-request.yml")["name"]
    assert name == "pull request"


def test_a_token_is_given_to_one_step_that_installs_nothing() -> None:
    for file, step in steps():
        if "GITHUB_TOKEN" in step.get("env", {}):
            assert step["run"].startswith("scripts/github "), file
    for file, _, job in jobs():
        assert "GITHUB_TOKEN" not in job.get("env", {})
        lines = [step.get("run", "") for step in job["steps"]]
        for number, line in enumerate(lines):
            if line.startswith("scripts/github "):
                assert "scripts/ready -- -c pass" in lines[:number], file


def test_every_action_is_pinned_by_digest_and_leaves_no_credentials() -> None:
    for path in FILES:
        for line in path.read_text("utf-8").splitlines():
            if "uses:" in line:
                assert PINNED.fullmatch(line.partition("uses: ")[2]), line
    for file, step in steps():
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False, file
    pins = {line.partition("uses: ")[2] for path in FILES for line in path.read_text().splitlines()
            if "uses:" in line}  # fmt: skip
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins), "one version of each"


def test_what_is_run_is_a_script_that_people_run() -> None:
    for file, step in steps():
        if line := step.get("run"):
            match = RUN.fullmatch(line)
            assert match, f"{file}: {line}"
            assert (REPOSITORY / "scripts" / match[1]).is_file(), line
            assert "${{" not in line


def test_a_shell_line_is_no_script() -> None:
    for line in ("echo x", "scripts/build; id", "scripts/build $(id)", "scripts/build $X",
                 "scripts/build ${{ github.head_ref }}", "scripts/build | tee x"):  # fmt: skip
        assert not RUN.fullmatch(line)


def test_the_night_runs_every_engine_and_every_part() -> None:
    workflow = read(REPOSITORY / ".github/workflows/nightly.yml")
    _, *others = engines.known()
    wanted = ["recorded", *others]
    for job in ("live", "judge"):
        assert workflow["jobs"][job]["strategy"]["matrix"]["engine"] == wanted
    (told,) = (
        s["run"] for s in workflow["jobs"]["issue"]["steps"] if "GITHUB_TOKEN" in s.get("env", {})
    )
    assert told.split()[2:] == [f"nightly-{engine}.txt" for engine in wanted]
    script = (REPOSITORY / "scripts/nightly").read_text()
    parts = re.findall(r"^    ([a-z]+)\) scripts/", script, re.MULTILINE)
    listed = re.search(r"parts=\(([a-z ]+)\)", script)
    assert listed
    assert listed[1].split() == parts
    runs = workflow["jobs"]["long"]["strategy"]["matrix"]["run"]
    assert {"recorded", *runs, "links"} == {*parts}


def test_a_part_that_the_night_does_not_know_is_refused() -> None:
    done = subprocess.run(
        [REPOSITORY / "scripts/nightly", "nap"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert 'there is no part "nap" of the night' in done.stderr


def test_what_is_published_knows_where_it_stands_and_where_its_sources_are() -> None:
    workflow = read(REPOSITORY / ".github/workflows/publish.yml")
    (build,) = (step for step in workflow["jobs"]["build"]["steps"] if "run" in step)
    assert build["env"] == {
        "SITE_URL": "${{ steps.pages.outputs.base_url }}",
        "REPO_URL": "${{ github.server_url }}/${{ github.repository }}",
    }
    asked = (REPOSITORY / "mkdocs.yml").read_text("utf-8")
    assert all(f"!ENV [{name}, " in asked for name in build["env"])


def test_every_shard_of_a_matrix_runs() -> None:
    for _, name, job in jobs():
        machines = job.get("strategy", {}).get("matrix", {}).get("machine")
        if isinstance(machines, list):
            assert machines == [*range(1, len(machines) + 1)], name
            assert job["env"]["SHARD"] == f"${{{{ matrix.machine }}}}/{len(machines)}"


@pytest.mark.parametrize("machine", ["", "true"])
def test_the_linter_finds_what_these_tests_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    monkeypatch.setenv("CI", machine)
    place = tmp_path / ".github/workflows"
    place.mkdir(parents=True)
    run = "echo ${{ github.event.issue.title }}"
    (place / "bad.yml").write_text(
        f"on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: {run}\n"
    )
    said = [(one.path, one.line, one.rule) for one in workflows(tmp_path, False)]
    assert (".github/workflows/bad.yml", 6, "template-injection") in said
    assert (".github/workflows/bad.yml", 3, "excessive-permissions") in said
    assert all(path and line for path, line, _ in said)


def test_a_linter_that_cannot_read_a_workflow_is_a_finding(tmp_path: Path) -> None:
    place = tmp_path / ".github/workflows"
    place.mkdir(parents=True)
    (place / "bad.yml").write_text("on: [\n")
    assert [*workflows(tmp_path, False)]
