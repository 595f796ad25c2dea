"""A report says of each step what may be said: passed, failed, drifted or skipped, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from macros.model import (
    Mode,
    Provenance,
    Reason,
    Report,
    Result,
    Span,
    StepReport,
    Transcript,
    Verdict,
)
from macros.scenes.scene import Scene
from macros.verdicts.judgement import judge_scene

PROVENANCE = Provenance(
    "28.5.2", "2.1", "1.3", "6.18", "iptables (nf_tables)", "1.8", "6.1", f"sha256:{1:064}"
)
SCENE = Scene.model_validate(
    {
        "hosts": ["h1", "h2"],
        "steps": [
            {
                "id": "sniff",
                "run": "tcpdump -n",
                "background": {"ready": "listening", "until": "ping"},
                "expect": [{"contains": "> @{target}"}],
                "capture": {"seen": {"regex": r"(\S+) >"}},
            },
            {
                "id": "inspect",
                "run": "docker inspect web",
                "capture": {"target": {"regex": r"172\S+"}},
            },
            {
                "id": "ping",
                "on": "h2",
                "run": "ping -c 1 @{target}",
                "expect": [{"contains": "0% loss"}],
            },
        ],
    },
    context="bridge",
)


def result(step: str, output: str, command: str = "") -> Result:
    return Result(step, command or step, output, 0)


def printed(*changes: Result, **more: Any) -> Transcript:
    results = {
        "sniff": result(
            "sniff", "listening\n198.51.100.11 > 172.17.0.2: ICMP echo request, id 7, seq 1\n"
        ),
        "inspect": result("inspect", "172.17.0.2\n"),
        "ping": result("ping", "64 bytes: time=0.058 ms\n0% loss\n", "ping -c 1 172.17.0.2"),
    }
    results |= {change.step: change for change in changes}
    whole = Transcript(
        "bridge", SCENE.digest, "2026-11-24T02:57:00Z", PROVENANCE, tuple(results.values())
    )
    return replace(whole, **more)


def of(found: Report, step: str) -> StepReport:
    return next(one for one in found.steps if one.id == step)


def test_steps_that_held_passed_and_values_are_those_of_this_run() -> None:
    found = judge_scene(SCENE, printed(), Mode.VERIFY, printed())
    assert [(step.id, step.verdict) for step in found.steps] == [
        ("sniff", Verdict.PASSED), ("inspect", Verdict.PASSED), ("ping", Verdict.PASSED)
    ]  # fmt: skip
    assert dict(found.values) == {"target": "172.17.0.2", "seen": "198.51.100.11"}
    assert [each.rests for each in of(found, "ping").held] == [None, (24, 31)]
    assert of(found, "inspect").taken == (Span(0, 10, "target"),)
    assert (found.scene, found.when, found.hosts) == (
        "bridge",
        "2026-11-24T02:57:00Z",
        ("h1", "h2"),
    )
    assert of(found, "ping").command == "ping -c 1 172.17.0.2"
    assert of(found, "ping").on == "h2"
    assert found.notes == ()


def test_volatile_pieces_are_marked_in_the_raw_output() -> None:
    ping = of(judge_scene(SCENE, printed(), Mode.REPLAY, None), "ping")
    assert [ping.output[span.start : span.end] for span in ping.spans] == ["0.058"]


def test_a_step_whose_expectation_does_not_hold_failed_and_says_which() -> None:
    ping = of(
        judge_scene(SCENE, printed(result("ping", "100% packet loss\n")), Mode.VERIFY, None), "ping"
    )
    assert ping.verdict is Verdict.FAILED
    assert [held.written for held in ping.unmet] == ['contains: "0% loss"']
    assert [held.holds for held in ping.held] == [True, False]


def test_a_capture_that_took_nothing_fails_its_step_and_what_needs_it() -> None:
    found = judge_scene(SCENE, printed(result("inspect", "\n")), Mode.RECORD, None)
    assert [one.sought for one in of(found, "inspect").unmet] == [{"target": r"172\S+"}]
    assert of(found, "sniff").verdict is Verdict.FAILED


def test_what_differs_from_the_recording_drifted_and_shows_how() -> None:
    recorded = printed(result("inspect", "172.17.0.2\n[]\n"))
    found = judge_scene(SCENE, printed(), Mode.VERIFY, recorded)
    assert of(found, "inspect").verdict is Verdict.DRIFTED
    assert "\n-[]" in of(found, "inspect").diff
    assert of(found, "ping").verdict is Verdict.PASSED


def test_what_differs_only_in_volatile_pieces_did_not_drift() -> None:
    recorded = printed(result("ping", "64 bytes: time=0.9 ms\n0% loss\n"))
    assert (
        of(judge_scene(SCENE, printed(), Mode.VERIFY, recorded), "ping").verdict is Verdict.PASSED
    )


def test_a_step_that_failed_and_drifted_is_failed_and_shows_both() -> None:
    ping = of(judge_scene(SCENE, printed(result("ping", "lost\n")), Mode.VERIFY, printed()), "ping")
    assert ping.verdict is Verdict.FAILED
    assert "+lost" in ping.diff


def test_nothing_drifts_in_replay_or_record() -> None:
    recorded = printed(result("inspect", "172.17.0.2\n[]\n"))
    for mode in (Mode.REPLAY, Mode.RECORD):
        assert (
            of(judge_scene(SCENE, printed(), mode, recorded), "inspect").verdict is Verdict.PASSED
        )


def test_without_a_fresh_recording_verify_says_what_to_run() -> None:
    stale = replace(printed(result("inspect", "172.17.0.2\n[]\n")), digest="sha256:stale")
    for recorded in (None, stale):
        found = judge_scene(SCENE, printed(), Mode.VERIFY, recorded)
        assert of(found, "inspect").verdict is Verdict.PASSED
        assert found.notes == (Reason("unrecorded", ("scripts/build --record bridge",)),)


def test_a_skipped_step_says_why_and_shows_its_command_as_written() -> None:
    reason = Reason("kernel", ("6.18", "macvlan"))
    ran = printed()
    partly = replace(ran, results=ran.results[:2], skipped=(("ping", reason),))
    ping = of(judge_scene(SCENE, partly, Mode.VERIFY, ran), "ping")
    assert (ping.verdict, ping.reason) == (Verdict.SKIPPED, reason)
    assert (ping.command, ping.output) == ("ping -c 1 @{target}", "")


def test_steps_after_a_broken_rig_are_skipped_with_its_reason() -> None:
    ran = printed()
    broken = replace(ran, results=ran.results[1:2], broken="the rig broke: dockerd does not answer")
    found = judge_scene(SCENE, broken, Mode.VERIFY, ran)
    assert [step.verdict for step in found.steps] == [
        Verdict.SKIPPED, Verdict.PASSED, Verdict.SKIPPED
    ]  # fmt: skip
    assert of(found, "ping").reason == Reason("broken", (broken.broken,))
    assert of(found, "ping").reason in found.notes
