"""Running a scene, on a rig that is a plain function: order, captures, retries, background."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path

from macros.errors import RigBroken
from macros.model import Provenance, Reason, Transcript
from macros.rigs.rig import Rig
from macros.rigs.run import Progress, longest_first, run_scene
from macros.scenes import scene
from macros.scenes.values import holds_for

BY = Provenance("28.5.2", "2.1", "1.3", "6.18", "iptables (nf_tables)", "1.8", "7.2", "sha256:0")


class Talk:
    """A conversation with a rig in which `say` answers each command."""

    def __init__(self, say: Callable[[str], str | tuple[str, int]], missing: tuple[str, ...] = ()):
        self.say = say
        self.missing = missing
        self.asked: list[str] = []
        self.background: dict[str, str] = {}
        self.ready: list[str] = []

    def ask(self, line: bytes, timeout: float, longest: int = 0) -> bytes:
        request = json.loads(line)
        do = request["do"]
        self.asked.append(f"{do} {request.get('command', request.get('name', ''))}".strip())
        answer: dict[str, object] = {}
        if do == "kinds":
            answer = {"missing": [kind for kind in request["kinds"] if kind in self.missing]}
        elif do == "run":
            answer = self.result(request["command"])
        elif do == "begin":
            self.ready.append(request["ready"])
            self.background[request["name"]] = request["command"]
            answer = {"ready": True}
        elif do in ("peek", "collect"):
            answer = self.result(self.background[request["name"]])
        return json.dumps(answer).encode()

    def result(self, command: str) -> dict[str, object]:
        said = self.say(command)
        output, status = said if isinstance(said, tuple) else (said, 0)
        encoded = base64.b64encode(output.encode()).decode()
        return {"output": encoded, "exit": status, "ended": "exit"}


def play(tmp_path: Path, steps: str, talk: Talk) -> Transcript:
    path = tmp_path / "docs/scenes/it.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(steps)
    return run_scene(scene.load(path, tmp_path), Rig(talk), BY, lambda progress: None)


def test_steps_run_in_order_with_captured_values_filled_in(tmp_path: Path) -> None:
    talk = Talk(lambda command: f"said {command}\n")
    done = play(
        tmp_path,
        "steps:\n"
        "  - {id: one, run: first, capture: {word: 'said (.*)'}, expect: [{contains: said}]}\n"
        "  - {id: two, run: 'then @{word}'}\n",
        talk,
    )
    assert talk.asked == ["boot", "run first", "run then first"]
    assert [r.command for r in done.results] == ["first", "then first"]


def test_a_step_is_tried_again_until_it_holds(tmp_path: Path) -> None:
    answers = iter(["no\n", "no\n", "yes\n"])
    done = play(
        tmp_path,
        "steps:\n  - {id: one, run: ask, within: 10s, expect: [{equals: 'yes'}]}\n",
        Talk(lambda command: next(answers)),
    )
    assert done.results[0].output == "yes\n"
    assert done.results[0].tries == 3


def test_the_last_answer_counts_when_it_never_holds(tmp_path: Path) -> None:
    done = play(
        tmp_path,
        "steps:\n  - {id: one, run: ask, within: 200ms, expect: [{equals: 'yes'}]}\n",
        Talk(lambda command: "no\n"),
    )
    assert done.results[0].output == "no\n"


def test_a_background_step_is_collected_after_the_step_it_outlasts(tmp_path: Path) -> None:
    talk = Talk(lambda command: f"{command}\n")
    play(
        tmp_path,
        "steps:\n"
        "  - {id: sniff, run: tcpdump, background: {ready: x, until: ping},"
        " expect: [{contains: tcpdump}]}\n"
        "  - {id: ping, run: ping}\n"
        "  - {id: after, run: after}\n",
        talk,
    )
    order = [one for one in talk.asked if one not in ("boot", "kinds")]
    assert order == ["begin tcpdump", "run ping", "peek sniff", "collect sniff", "run after"]


def test_a_step_that_lacks_a_captured_value_is_skipped_with_the_reason(tmp_path: Path) -> None:
    done = play(
        tmp_path,
        "steps:\n"
        "  - {id: one, run: a, capture: {x: nothing}, expect: [{contains: a}]}\n"
        "  - {id: two, run: 'b @{x}'}\n"
        "  - {id: three, run: c}\n",
        Talk(lambda command: "a"),
    )
    assert [r.step for r in done.results] == ["one", "three"]
    assert done.skipped[0][0] == "two"
    assert done.skipped[0][1] == Reason("value", ("x",))


def test_what_the_kernel_or_the_engine_lacks_skips_with_the_reason(tmp_path: Path) -> None:
    whole = play(
        tmp_path,
        "needs: [ipvlan]\nsteps:\n  - {id: one, run: a, expect: [{contains: a}]}\n",
        Talk(lambda command: "a", missing=("ipvlan",)),
    )
    assert whole.skipped == (("one", Reason("kernel", ("6.18", "ipvlan"))),)
    part = play(
        tmp_path,
        "steps:\n"
        "  - {id: one, run: a, needs: ['engine>=29'], expect: [{contains: a}]}\n"
        "  - {id: two, run: a, needs: ['engine>=28']}\n",
        Talk(lambda command: "a"),
    )
    assert [step for step, _ in part.skipped] == ["one"]


def test_an_engine_is_compared_to_as_many_places_as_the_need_has() -> None:
    for need in ("engine==28", "engine==28.5", "engine>=28", "engine<=28", "engine!=26"):
        assert holds_for(need, "28.5.2"), need
    for need in ("engine!=28", "engine==28.4", "engine<28.5", "engine>28", "engine>=29"):
        assert not holds_for(need, "28.5.2"), need


def test_what_a_background_step_waits_for_may_hold_a_value(tmp_path: Path) -> None:
    talk = Talk(lambda command: "172.17.0.2\n")
    play(
        tmp_path,
        "steps:\n"
        "  - {id: one, run: ask, capture: {ip: '(.+)'}, expect: [{contains: '172'}]}\n"
        "  - {id: sniff, run: tcpdump, background: {ready: 'at @{ip}', until: two}}\n"
        "  - {id: two, run: ping}\n",
        talk,
    )
    assert talk.ready == [r"at 172\.17\.0\.2"]


def test_what_a_scene_has_no_time_for_is_late_not_skipped(tmp_path: Path) -> None:
    def slow(command: str) -> str:
        time.sleep(0.2)
        return "a"

    done = play(
        tmp_path,
        "timeout: 150ms\nsteps:\n  - {id: one, run: a, expect: [{contains: a}]}\n"
        "  - {id: two, run: b, expect: [{contains: never}]}\n",
        Talk(slow),
    )
    assert done.late == ("two",)
    assert not done.skipped


def test_a_rig_that_breaks_is_told_and_keeps_what_was_printed(tmp_path: Path) -> None:
    def say(command: str) -> str:
        if command == "b":
            raise RigBroken("it is gone")
        return "a"

    done = play(
        tmp_path,
        "steps:\n  - {id: one, run: a, expect: [{contains: a}]}\n  - {id: two, run: b}\n",
        Talk(say),
    )
    assert done.broken == "step two: it is gone"
    assert [r.step for r in done.results] == ["one"]


def test_the_largest_scenes_start_first(tmp_path: Path) -> None:
    directory = tmp_path / "docs/scenes"
    directory.mkdir(parents=True)
    step = "  - {{id: s{0}, run: a, expect: [{{contains: a}}]}}\n"
    (directory / "small.yml").write_text("steps:\n" + step.format(1))
    (directory / "long.yml").write_text("steps:\n" + step.format(1) + step.format(2))
    (directory / "two.yml").write_text("hosts: [h1, h2]\nsteps:\n" + step.format(1))
    names = [one.name for one in longest_first(scene.load_all(tmp_path).values())]
    assert names == ["two", "long", "small"]


def test_beats_tell_boot_and_steps(tmp_path: Path) -> None:
    path = tmp_path / "docs/scenes/it.yml"
    path.parent.mkdir(parents=True)
    path.write_text("steps:\n  - {id: one, run: a, expect: [{contains: a}]}\n")
    shown: list[Progress] = []
    run_scene(scene.load(path, tmp_path), Rig(Talk(lambda c: "a")), BY, shown.append)
    assert [(progress.scene, progress.step) for progress in shown] == [
        ("it", ""),
        ("it", "one"),
    ]
