"""A build that trusts no recording: each recorded output runs again, and must be the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from macros.commands.summary import describe_confirmation
from macros.errors import Exit
from macros.model import Reason, Result, Transcript, Verdict
from macros.rigs.outer_engine import OuterEngine
from macros.verdicts import transcript
from macros.verdicts.confirmation import Confirmation, Finding, confirm

from .conftest import PAGE, SCENE, Project
from .pages_project import BY, report, step

LACKING = """\
  - id: lacking
    run: ip link show type ipvlan
    needs: [ipvlan]
"""
LACKS = Reason("kernel", ("6", "b"))
NOWHERE = {"DOCKER_HOST": "unix:///nonexistent/docker.sock"}


def printed(**more: Any) -> Transcript:
    one = Result("a", "true", "x\n", 0)
    gone = (("b", LACKS),)
    return replace(Transcript("s", "d", "2026-11-24T02:05:00Z", BY, (one,), gone), **more)


def found(
    known: Transcript, now: Transcript | None = None, verdict: Verdict = Verdict.PASSED
) -> Confirmation:
    a = replace(step("a", "true", "x\n"), verdict=verdict)
    b = replace(step("b", "true"), verdict=Verdict.SKIPPED, reason=LACKS)
    return confirm({"s": known}, {"s": now or printed()}, {"s": report("s", a, b)})


def test_what_says_the_same_is_counted() -> None:
    assert found(printed()) == Confirmation(same=1, without=1)


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.DRIFTED, Verdict.UNSTEADY])
def test_what_a_run_does_not_show_differs(verdict: Verdict) -> None:
    said = found(printed(), verdict=verdict)
    assert said.same == 0
    assert said.differs == (Finding("s", (Reason(verdict),), "a"),)


@pytest.mark.parametrize(
    "field", ["engine", "containerd", "runc", "firewall", "iptables", "iproute2", "package"]
)
def test_a_program_that_did_not_print_it_differs(field: str) -> None:
    said = found(printed(provenance=replace(BY, **{field: "9.9"})))
    (one,) = said.differs
    assert (one.scene, one.reasons[0].kind, *one.reasons[0].args[:2]) == (
        "s",
        "names",
        field,
        "9.9",
    )


def test_another_machine_is_no_difference() -> None:
    assert not found(printed(provenance=replace(BY, kernel="9.9", image="sha256:9"))).differs


def test_a_step_that_is_skipped_now_is_not_borne_out() -> None:
    was = Result("b", "true", "made up\n", 0)
    said = found(printed(results=(*printed().results, was), skipped=()))
    assert said.unrun == (Finding("s", (Reason("unrunnable"), LACKS), "b"),)
    lines = "\n".join(describe_confirmation(said))
    assert "docs/transcripts/s.json: step b: it cannot be run here, the kernel 6 has no b" in lines


def test_a_step_that_was_skipped_and_runs_differs() -> None:
    said = found(printed(results=(), skipped=(("a", LACKS), *printed().skipped)))
    assert said.differs == (Finding("s", (Reason("turned"),), "a"),)


def test_a_step_that_was_skipped_for_another_reason_differs() -> None:
    said = found(printed(skipped=(("b", Reason("value", ("x",))),)))
    assert said.differs == (Finding("s", (Reason("another"), LACKS), "b"),)


@pytest.mark.parametrize("more", [["--replay"], ["--record"], ["--engine", "28"], ["tiny"]])
def test_it_is_asked_for_alone(project: Project, more: list[str]) -> None:
    status, said = project.run("build", "--verify-all", *more, **NOWHERE)
    assert status == Exit.WRONG
    assert "--verify-all runs all that is recorded" in said


def recorded(project: Project, change: Callable[[dict[str, Any]], object]) -> None:
    """Forge the project's recording, sealed and in its form."""
    path = project.root / "docs/transcripts/tiny.json"
    raw = json.loads(path.read_bytes())
    change(raw)
    raw["seal"] = transcript.seal(raw)
    path.write_text(json.dumps(raw))


def kept(root: Path) -> bytes:
    return (root / "docs/transcripts/tiny.json").read_bytes()


@pytest.mark.docker
def test_without_an_engine_or_a_recording_nothing_is_verified(
    project: Project, engine: OuterEngine
) -> None:
    status, said = project.run("build", "--verify-all", DOCKER_HOST=engine.url)
    assert (status, "its transcript is missing" in said) == (Exit.UNRECORDED, True)
    assert project.run("build", "--record", DOCKER_HOST=engine.url)[0] == Exit.FINE
    status, said = project.run("build", "--verify-all", **NOWHERE)
    assert status == Exit.BROKEN
    assert "--verify-all trusts no recording" in said or "nonexistent" in said


@pytest.mark.docker
def test_a_forged_recording_is_found_out_by_a_run(project: Project, engine: OuterEngine) -> None:
    project.scene("tiny", SCENE.replace("equals: hello from h1", 'contains: "h1"') + LACKING)
    project.page(PAGE.replace('"hello")', '"hello", "lacking")'))
    host = {"DOCKER_HOST": engine.url}
    status, said = project.run("build", "--record", **host)
    assert status == Exit.FINE, said
    honest = kept(project.root)

    status, said = project.run("build", "--verify-all", **host)
    assert status == Exit.FINE, said
    told = "1 recorded outputs are the same again, 0 differ, 0 could not be run; 1 steps"
    assert told in said

    recorded(project, lambda raw: raw["results"][0].update(output=["forged from h1\n"]))
    assert project.run("build", "--replay")[0] == Exit.FINE  # its form and its seal are good
    status, said = project.run("build", "--verify-all", **host)
    assert status == Exit.FAILED, said
    assert "docs/transcripts/tiny.json: step hello: it printed something else" in said
    assert "-forged from h1" in said
    assert "site/ is as it was" in said

    (project.root / "docs/transcripts/tiny.json").write_bytes(honest)
    recorded(project, lambda raw: raw["provenance"].update(engine="29.0.0"))
    status, said = project.run("build", "--verify-all", **host)
    assert status == Exit.FAILED, said
    assert "it names engine 29.0.0, and this ran on" in said

    made_up = {
        "step": "lacking", "command": "ip link show type ipvlan", "output": ["9: ipvl0\n"],
        "exit": 0, "ended": "exit",
    }  # fmt: skip
    (project.root / "docs/transcripts/tiny.json").write_bytes(honest)
    recorded(project, lambda raw: (raw["results"].append(made_up), raw["skipped"].clear()))
    assert project.run("build", "--replay")[0] == Exit.FINE
    status, said = project.run("build", "--verify-all", **host)
    assert status == Exit.BROKEN, said
    assert "step lacking: it cannot be run here, the kernel" in said
