"""Bad input and faults: what is said, the exit status, and that nothing is lost or left behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from macros.rigs.images import Image
from macros.rigs.outer_engine import LABEL, OuterEngine
from macros.verdicts import transcript

from ..conftest import PAGE, SCENE, Project, Spare
from ..pages_project import REPOSITORY
from .conftest import HOLDING


def wait_for_rig(engine: OuterEngine, project: Project) -> None:
    deadline = time.monotonic() + 30
    while not project.rigs(engine):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def nothing_left(engine: OuterEngine, project: Project) -> None:
    deadline = time.monotonic() + 10
    while project.rigs(engine) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not project.rigs(engine)
    assert not engine.client.volumes(filters={"label": LABEL})["Volumes"]
    assert not engine.client.networks(filters={"label": LABEL})
    assert not list(project.root.glob(".site-*"))


WRONG_SCENES = {
    "broken YAML": ("steps:\n  - id: [a\n", "tiny.yml:3"),
    "an unknown key": (SCENE + "    expekt: []\n", "expect"),
    "an id twice": (SCENE + "  - {id: hello, run: 'true'}\n", "tiny.yml:5"),
    "a capture before it is taken": (
        "steps:\n  - {id: hello, run: 'echo @{x}', expect: [{contains: a}]}\n"
        "  - {id: later, run: 'echo 1', capture: {x: '(.)'}}\n",
        "tiny.yml:2",
    ),
    "nothing expected": ("steps:\n  - {id: hello, run: 'true'}\n", "tiny.yml"),
}


@pytest.mark.parametrize(("text", "told"), WRONG_SCENES.values(), ids=WRONG_SCENES)
def test_a_wrong_scene_is_told_with_its_line_and_nothing_runs(
    built: Project, text: str, told: str
) -> None:
    built.scene("tiny", text)
    before = built.snapshot()
    status, said = built.run("build", "--replay")
    assert status == 2, said
    assert told in said
    assert built.snapshot() == before


WRONG_PAGES = {
    "a step that is gone": (PAGE.replace('"hello"', '"hallo"'), 'has no step "hallo"'),
    "a scene that is gone": (PAGE.replace('"tiny"', '"tony"'), 'no scene "tony"'),
    "template injection": (PAGE + "\n{{{ ''.__class__.__mro__ }}}\n", "index.md:10"),
    "globals by way of a macro": (PAGE + "\n{{{ steps.__globals__ }}}\n", "index.md:10"),
    "a file of the machine": (PAGE + "\n{{% include '/etc/passwd' %}}\n", "index.md:10"),
}


@pytest.mark.parametrize(("text", "told"), WRONG_PAGES.values(), ids=WRONG_PAGES)
def test_a_wrong_page_is_told_with_its_line_and_nothing_runs(
    built: Project, text: str, told: str
) -> None:
    built.page(text)
    before = built.snapshot()
    status, said = built.run("build", "--replay")
    assert status == 2, said
    assert told in said
    assert "docs/en/index.md:" in said
    assert built.snapshot() == before


def test_every_mistake_of_every_file_is_told_at_once(built: Project) -> None:
    built.scene("tiny", SCENE + "    expekt: []\n")
    built.scene("other", "steps: []\n")
    status, said = built.run("build", "--replay")
    assert status == 2
    assert "docs/scenes/tiny.yml:5" in said
    assert "docs/scenes/other.yml" in said


def test_an_unknown_engine_or_option_or_scene_is_told(built: Project) -> None:
    assert built.run("build", "--no-such-option")[0] == 2
    status, said = built.run("build", "--replay", "no-such-scene")
    assert status == 2
    assert "no-such-scene" in said


@pytest.mark.docker
def test_a_missing_transcript_is_an_error_in_replay(built: Project) -> None:
    before = built.snapshot()
    status, said = built.run("build", "--replay")
    assert status == 4, said
    assert "scripts/build --record tiny" in said
    assert built.snapshot() == before


@pytest.mark.docker
def test_recording_twice_changes_nothing_and_replay_needs_no_engine(recorded: Project) -> None:
    transcripts = {k: v for k, v in recorded.snapshot().items() if k.startswith("docs")}
    status, said = recorded.run("build", "--record")
    assert status == 0, said
    again = {k: v for k, v in recorded.snapshot().items() if k.startswith("docs")}
    assert again == transcripts
    status, said = recorded.run("build", "--replay", DOCKER_HOST="unix:///no/such/socket")
    assert status == 0, said
    page = (recorded.root / "site/en/index.html").read_text()
    assert "hello from h1" in page
    assert "verified" not in page.lower().split("<figure")[1].split("</figure")[0]


@pytest.mark.docker
def test_a_transcript_edited_by_hand_is_an_error(recorded: Project) -> None:
    path = recorded.root / "docs/transcripts/tiny.json"
    path.write_text(path.read_text().replace("hello from h1", "hello from h2"))
    before = recorded.snapshot()
    status, said = recorded.run("build", "--replay")
    assert status == 4, said
    assert "docs/transcripts/tiny.json" in said
    assert recorded.snapshot() == before


@pytest.mark.docker
def test_a_stale_transcript_is_an_error_in_replay(recorded: Project) -> None:
    recorded.scene("tiny", SCENE.replace("echo hello", "echo  hello"))
    status, said = recorded.run("build", "--replay")
    assert status == 4, said
    assert "stale" in said


@pytest.mark.docker
@pytest.mark.parametrize(
    "harm", [lambda text: text.replace("h1", "h2"), lambda text: text[:99], lambda text: "<<<<<<<"]
)
def test_the_cure_for_a_transcript_that_is_no_good_works(
    recorded: Project, harm: Callable[[str], str]
) -> None:
    path = recorded.root / "docs/transcripts/tiny.json"
    path.write_text(harm(path.read_text()))
    status, said = recorded.run("build", "--replay")
    assert status == 4, said
    assert "scripts/build --record tiny" in said
    status, said = recorded.run("build", "--record", "tiny")
    assert status == 0, said
    assert "recorded: docs/transcripts/tiny.json" in said
    assert recorded.run("build", "--replay")[0] == 0


@pytest.mark.docker
def test_a_false_expectation_names_its_line_and_keeps_the_site(recorded: Project) -> None:
    recorded.scene("tiny", SCENE.replace("hello from h1}", "hello from h3}"))
    before = recorded.snapshot()
    for mode in ("--replay", "--rigs=1"):
        status, said = recorded.run("build", mode)
        assert status == 1, said
        assert "docs/scenes/tiny.yml:4: expected equals" in said
        assert "hello from h1" in said
        assert "what failed is shown in site-failed/" in said
        assert 'class="proof failed"' in (recorded.root / "site-failed/en/index.html").read_text()
    assert recorded.snapshot() == before
    recorded.scene("tiny", SCENE)
    status, said = recorded.run("build", "--replay")
    assert status == 0, said
    assert "python3 -m http.server --directory site" in said
    assert not (recorded.root / "site-failed").exists()


@pytest.mark.docker
def test_a_fresh_machine_gets_a_site_also_where_a_step_fails(
    project: Project, engine: OuterEngine
) -> None:
    project.scene("tiny", SCENE.replace("hello from h1}", "hello from h3}"))
    status, said = project.run("build", DOCKER_HOST=engine.url)
    assert status == 1, said
    assert "site/ shows it as failed, since there was no site before" in said
    page = (project.root / "site/en/index.html").read_text()
    assert 'class="proof failed"' in page
    assert 'class="proof verified"' not in page


@pytest.mark.docker
def test_drift_is_published_with_its_diff_and_counts_only_where_asked(recorded: Project) -> None:
    path = recorded.root / "docs/transcripts/tiny.json"
    known = transcript.read(path)
    other = replace(known.results[0], output="hello from h9\n")
    transcript.write(path, replace(known, results=(other,)))
    status, said = recorded.run("build")
    assert status == 0, said
    assert "drifted" in said
    verdicts = json.loads((recorded.root / "site/verdicts.json").read_text())
    assert verdicts["counts"]["drifted"] == 1
    assert "drift" in (recorded.root / "site/en/index.html").read_text()
    assert recorded.run("build", "--strict-drift")[0] == 5


@pytest.mark.docker
def test_what_two_runs_do_not_say_alike_is_unsteady_never_verified(recorded: Project) -> None:
    loose = SCENE.replace("echo hello from $(hostname)", "cat /proc/uptime").replace(
        "equals: hello from h1", "matches: '[0-9]'"
    )
    recorded.scene("tiny", loose)
    assert recorded.run("build", "--record")[0] == 0
    status, said = recorded.run("build")
    assert status == 0, said
    assert "docs/scenes/tiny.yml:2: step hello is unsteady" in said
    assert "0 failed, 0 drifted, 1 unsteady" in said
    verdicts = json.loads((recorded.root / "site/verdicts.json").read_text())
    assert verdicts["counts"]["unsteady"] == 1
    page = (recorded.root / "site/en/index.html").read_text()
    assert 'class="proof unsteady"' in page
    assert 'class="proof verified"' not in page
    assert recorded.run("build", "--strict-drift")[0] == 5
    steady = recorded.start("check", "--steady", "2", "tiny", module="tests.tools",
                            PYTHONPATH=str(REPOSITORY))  # fmt: skip
    said, _ = steady.communicate(timeout=300)
    assert steady.returncode == 5, said
    assert "docs/scenes/tiny.yml:2: step hello" in said
    assert "1 steps not the same each time" in said


@pytest.mark.docker
def test_what_a_host_prints_reaches_no_terminal_and_no_log_as_it_is(built: Project) -> None:
    harm = "printf '\\033]0;title\\007\\r::error file=x::y\\n::stop-commands::x\\n'"
    scene = f"steps:\n  - id: hello\n    run: {json.dumps(harm)}\n    expect: [{{equals: x}}]\n"
    built.scene("tiny", scene)
    status, said = built.run("build")
    assert status == 1, said
    assert "::stop-commands::" in said
    assert not any(line.startswith("::") for line in said.splitlines())
    assert not set(said) & {"\x1b", "\x07", "\r"}


SLOW = "steps:\n  - {id: hello, run: 'sleep 20; echo hi', expect: [{contains: hi}]}\n"


@pytest.mark.docker
@pytest.mark.parametrize("seconds", [0.0, 0.3, 1.0, 2.5])
def test_ctrl_c_at_any_moment_leaves_nothing(
    recorded: Project, engine: OuterEngine, seconds: float
) -> None:
    recorded.scene("tiny", SLOW)
    before = recorded.snapshot()
    process = recorded.start("build", DOCKER_HOST=engine.url)
    if seconds:
        wait_for_rig(engine, recorded)
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert process.returncode in (130, -signal.SIGINT), said
    nothing_left(engine, recorded)
    assert recorded.snapshot() == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_before_there_is_anything_to_clean_up_is_silent(
    number: signal.Signals,
) -> None:
    once_loaded = f"import macros.__main__, os; os.kill(os.getpid(), {number}); print('alive')"
    done = subprocess.run(
        [sys.executable, "-c", once_loaded], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "")


@pytest.mark.docker
def test_sigterm_and_even_sigkill_leave_nothing(recorded: Project, engine: OuterEngine) -> None:
    recorded.scene("tiny", SLOW)
    before = recorded.snapshot()
    for number in (signal.SIGTERM, signal.SIGKILL):
        process = recorded.start("build", DOCKER_HOST=engine.url)
        wait_for_rig(engine, recorded)
        process.send_signal(number)
        process.communicate(timeout=30)
        nothing_left(engine, recorded)
    assert recorded.snapshot() == before


@pytest.mark.docker
def test_an_engine_stopped_in_the_middle_breaks_the_run_and_leaves_nothing(
    recorded: Project, spare: Spare
) -> None:
    recorded.scene("tiny", SLOW)
    before = recorded.snapshot()
    process = recorded.start("build", DOCKER_HOST=spare.url)
    wait_for_rig(spare.engine, recorded)
    time.sleep(1)
    spare.stop()
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 3, said
    assert "broke" in said
    assert recorded.snapshot() == before
    spare.start()
    assert recorded.run("clean", DOCKER_HOST=spare.url)[0] == 0
    nothing_left(spare.engine, recorded)


@pytest.mark.docker
def test_two_builds_at_once_on_one_engine(recorded: Project, engine: OuterEngine) -> None:
    first, second = (recorded.start("build", DOCKER_HOST=engine.url) for _ in range(2))
    for process in (first, second):
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
    nothing_left(engine, recorded)
    assert (recorded.root / "site/en/index.html").exists()


@pytest.mark.docker
def test_clean_removes_what_a_dead_engine_left_and_nothing_else(
    recorded: Project, engine: OuterEngine, image: Image
) -> None:
    dead = engine.client.create_container(image.tag, "sleep 99", labels={LABEL: "dead"})["Id"]
    engine.client.start(dead)
    engine.client.kill(dead)
    other = engine.client.create_container(image.tag, "true")["Id"]
    try:
        status, said = recorded.run("clean", DOCKER_HOST=engine.url)
        assert status == 0, said
        assert dead[:12] in said
        left = [c["Id"] for c in engine.containers()]
        assert dead not in left
        assert other in left
    finally:
        engine.client.remove_container(other)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB: MkDocs writes more than that."""
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "small", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.docker
def test_a_full_disk_keeps_the_site_that_was_there(small_disk: Path, engine: OuterEngine) -> None:
    project = Project(small_disk)
    (small_disk / "site").mkdir()
    (small_disk / HOLDING).write_text("the site that was there")
    before = project.snapshot()
    status, said = project.run("build", DOCKER_HOST=engine.url)
    assert status in (2, 3), said
    assert "No space left" in said
    nothing_left(engine, project)
    assert project.snapshot() == before
