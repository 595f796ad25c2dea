"""A second look before an accusation: what only one of two runs shows is unsteady."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.difference import difference
from macros.errors import Exit
from macros.model import Mode, Reason, Report, Transcript, Verdict
from macros.outcome import Order, Played, Recordings, conclude
from macros.verdicts.transcript import read, write

from .test_judgement import PROVENANCE, SCENE, printed, result

LOST = result("ping", "nothing came\n", "ping -c 1 172.17.0.2")
WARM = result("ping", "64 bytes: time=0.058 ms\n0% loss\nwarm\n", "ping -c 1 172.17.0.2")
WARMER = result("ping", "64 bytes: time=0.058 ms\n0% loss\nwarmer\n", "ping -c 1 172.17.0.2")


def concluded(
    first: Transcript, second: Transcript, mode: Mode = Mode.VERIFY, *, strict: bool = False
) -> tuple[Report, Exit]:
    order = Order(Path("/nowhere"), mode, strict_drift=strict)
    outcome = conclude(
        order, {"bridge": SCENE}, Recordings({"bridge": printed()}, {}),
        Played({"bridge": first}, {"bridge": second}),
    )  # fmt: skip
    return outcome.reports["bridge"], outcome.status


CASES = {
    "failed once": (printed(LOST), printed(), Verdict.UNSTEADY),
    "failed the second time alone": (printed(WARM), printed(LOST), Verdict.UNSTEADY),
    "failed twice": (printed(LOST), printed(LOST), Verdict.FAILED),
    "drifted once": (printed(WARM), printed(), Verdict.UNSTEADY),
    "drifted twice, each in its own way": (printed(WARM), printed(WARMER), Verdict.UNSTEADY),
    "drifted twice, the same": (printed(WARM), printed(WARM), Verdict.DRIFTED),
}


@pytest.mark.parametrize(("first", "second", "verdict"), CASES.values(), ids=CASES)
def test_only_what_two_runs_show_is_said(
    first: Transcript, second: Transcript, verdict: Verdict
) -> None:
    report, status = concluded(first, second)
    assert report.steps[2].verdict is verdict
    assert {step.verdict for step in report.steps[:2]} == {Verdict.PASSED}
    assert status is (Exit.FAILED if verdict is Verdict.FAILED else Exit.FINE)
    strict = concluded(first, second, strict=True)[1]
    assert strict is (Exit.FAILED if verdict is Verdict.FAILED else Exit.DRIFTED)


def test_an_unsteady_step_keeps_both_outputs_and_says_why_it_was_doubted() -> None:
    step = concluded(printed(LOST), printed())[0].steps[2]
    assert step.other == LOST.output
    assert "0% loss" in step.output
    assert [held.written for held in step.unmet] == ['contains: "0% loss"']
    diff = difference(step.other, step.output, ("first", "second")).splitlines()
    assert "-nothing came" in diff
    assert "+0% loss" in diff


def test_a_step_that_one_run_did_not_come_to_is_not_accused_by_the_other() -> None:
    nothing = result("inspect", "nothing\n")
    late = (printed(nothing).results[0], nothing)
    first = Transcript(
        "bridge", SCENE.digest, "2026-11-24T02:57:00Z", PROVENANCE, late,
        skipped=(("ping", Reason("value", ("x",))),),
    )  # fmt: skip
    report, _ = concluded(first, printed(LOST))
    assert [step.verdict for step in report.steps][1:] == [Verdict.UNSTEADY, Verdict.UNSTEADY]


def test_a_scene_out_of_time_is_failed_and_never_recorded(tmp_path: Path) -> None:
    late = Transcript(
        "bridge", SCENE.digest, "2026-11-24T02:57:00Z", PROVENANCE, printed().results[:2],
        late=("ping",),
    )  # fmt: skip
    order = Order(tmp_path, Mode.RECORD)
    outcome = conclude(order, {"bridge": SCENE}, Recordings({}, {}), Played({"bridge": late}))
    assert outcome.status is Exit.FAILED
    step = outcome.reports["bridge"].steps[2]
    assert step.verdict is Verdict.FAILED
    assert step.held[0].came.why == Reason("over")
    assert not list(tmp_path.rglob("*.json"))


def test_what_is_unsteady_is_not_recorded_and_that_is_no_success(tmp_path: Path) -> None:
    order = Order(tmp_path, Mode.RECORD)
    played = Played({"bridge": printed(LOST)}, {"bridge": printed()})
    outcome = conclude(order, {"bridge": SCENE}, Recordings({}, {}), played)
    assert outcome.status is Exit.DRIFTED
    assert not list(tmp_path.rglob("*.json"))


def recording(root: Path) -> Path:
    path = root / "docs/transcripts/bridge.json"
    path.parent.mkdir(parents=True)
    write(path, printed())
    return path


def test_a_recording_that_holds_more_is_replaced_only_where_it_is_named(tmp_path: Path) -> None:
    path = recording(tmp_path)
    poor = Transcript(
        "bridge", SCENE.digest, "2026-11-25T00:00:00Z", PROVENANCE, printed().results[:2],
        skipped=(("ping", Reason("kernel", ("6.18", "ipvlan"))),),
    )  # fmt: skip
    known = Recordings({"bridge": printed()}, {})
    played = Played({"bridge": poor})
    kept = conclude(Order(tmp_path, Mode.RECORD), {"bridge": SCENE}, known, played)
    assert kept.kept == ("bridge",)
    assert len(read(path).results) == 3
    named = conclude(Order(tmp_path, Mode.RECORD, ("bridge",)), {"bridge": SCENE}, known, played)
    assert named.saved == ("bridge",)
    assert len(read(path).results) == 2


def test_two_new_scenes_can_be_recorded_one_after_the_other(tmp_path: Path) -> None:
    (tmp_path / "docs/transcripts").mkdir(parents=True)
    other = SCENE.model_copy()
    other._name = "other"
    scenes = {"bridge": SCENE, "other": other}
    order = Order(tmp_path, Mode.RECORD, ("bridge",))
    outcome = conclude(order, scenes, Recordings({}, {}), Played({"bridge": printed()}))
    assert outcome.saved == ("bridge",)
    assert outcome.status is Exit.UNRECORDED
    assert "scripts/build --record other" in outcome.unrecorded[0]
