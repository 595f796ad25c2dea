"""The site while it is being written, served by the real command to a real client."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from macros.commands.progress import plain
from macros.errors import recording
from macros.model import Result, Transcript
from macros.rigs.outer_engine import OuterEngine
from macros.rigs.run import Progress
from macros.scenes import scene
from macros.site.server import note
from macros.verdicts import transcript

from .conftest import PAGE, SCENE, Project
from .pages_project import BY

PATIENCE = 120.0
"""Seconds after which what was waited for counts as never coming."""
NOTE = 'id="wrong"'
LINES = PAGE.splitlines()
STEPS = LINES.index('{{{ steps("tiny", "hello") }}}') + 1
HEADING = LINES.index("# Home {#home}") + 1


def record(project: Project, output: str = "hello from h1\n") -> None:
    """A recording of the project's scene as it is written now."""
    one = scene.load_all(project.root)["tiny"]
    results = tuple(Result(step.id, step.run, output, 0) for step in one.steps)
    made = Transcript("tiny", one.digest, "2026-11-24T02:05:00Z", BY, results)
    path = project.root / recording("tiny")
    path.parent.mkdir(exist_ok=True)
    transcript.write(path, made)


def alone() -> dict[str, str]:
    """An environment in which no engine answers and none is started."""
    return {"DOCKER_HOST": "unix:///nonexistent/docker.sock"}


class Served:
    """`scripts/serve` under way, and what it has said."""

    def __init__(self, project: Project, **environment: str) -> None:
        self.project = project
        self.process = subprocess.Popen(
            [sys.executable, "-m", "macros", "serve", "--port", "0"],
            cwd=project.root, env=project.environment(environment), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self.listener = threading.Thread(target=self.listen)
        self.listener.start()
        self.wait(lambda: self.url)

    def listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    @property
    def url(self) -> str:
        found = re.search(r"serving on (http://\S+/)", self.said)
        return found[1] if found else ""

    def wait(self, holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.05)

    def get(self, address: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + address, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def shows(self, *texts: str, without: str = "\0", at: str = "en/") -> str:
        """Wait until a page shows all texts, and one not; the page."""
        page = ""

        def there() -> bool:
            nonlocal page
            status, page = self.get(at)
            return status == 200 and all(text in page for text in texts) and without not in page

        try:
            self.wait(there)
        except AssertionError as error:
            missing = [text for text in texts if text not in page]
            raise AssertionError(f"{error}\nthe page lacks {missing}") from error
        return page

    def state(self) -> str:
        return self.get("~state")[1]

    def children(self) -> list[int]:
        """Processes of the server's, its workers and their tracker."""
        return in_session(self.process.pid)

    def left(self) -> list[int]:
        """Those that outlive it: the tracker ends by itself, once it sees that nobody is there."""
        deadline = time.monotonic() + 10
        while self.children() and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.children()

    def end(self) -> None:
        for process in self.children():
            os.kill(process, signal.SIGKILL)
        self.process.wait(10)
        self.listener.join(10)
        assert self.process.stdout
        self.process.stdout.close()


def in_session(session: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if entry.name.isdigit() and int(fields[3]) == session and fields[0] not in "ZX":
            found.append(int(entry.name))
    return found


@contextmanager
def serving(project: Project, **environment: str) -> Iterator[Served]:
    served = Served(project, **environment)
    try:
        yield served
    finally:
        served.end()
    assert "Traceback" not in served.said


@pytest.fixture
def served(project: Project) -> Iterator[Served]:
    """A site without a mistake, served without an engine."""
    record(project)
    with serving(project, **alone()) as one:
        one.shows("hello from h1", without=NOTE)
        yield one


def test_an_edited_page_is_shown_and_reloads_the_browser(served: Served) -> None:
    before = served.state()
    served.project.page(PAGE + "\nfresh-words\n")
    served.shows("fresh-words", without=NOTE)
    served.shows("fresh-words", f'data-state="{served.state()}"', at="zh/")
    assert served.state() != before
    assert served.get("en/assets/site.css")[0] == 200
    assert served.get("en/nothing/")[0] == 404


def test_a_misspelt_step_is_told_on_the_last_good_page_and_goes_when_mended(
    served: Served,
) -> None:
    good = served.state()
    served.project.page(PAGE.replace('"hello"', '"hallo"') + "\nnot-seen\n")
    page = served.shows(
        "hello from h1",
        NOTE,
        f"docs/en/index.md:{STEPS}: scene &quot;tiny&quot; has no step &quot;hallo",
        f"docs/zh/index.md:{STEPS}",
        without="not-seen",
    )
    assert '<script src="/~reload.js"' in page
    assert "fetch(" in served.get("~reload.js")[1]
    wrong = served.state()
    assert wrong != good
    served.wait(
        lambda: f'docs/en/index.md:{STEPS}: scene "tiny" has no step "hallo"' in served.said
    )
    served.project.page(PAGE)
    served.shows("hello from h1", without=NOTE)
    assert served.state() not in (good, wrong)
    served.wait(lambda: "nothing is wrong any more" in served.said)


def test_a_dead_link_is_told_by_file_and_target(served: Served) -> None:
    served.project.page(PAGE + "\n[there](nowhere.md)\n")
    served.shows("hello from h1", NOTE, f"docs/en/index.md:{STEPS + 2}: ", "nowhere.md")
    assert "Aborted" not in served.said
    served.project.page(PAGE)
    served.shows("hello from h1", without=NOTE)


def test_a_broken_scene_is_told_by_line_with_every_other_mistake(served: Served) -> None:
    served.project.scene("tiny", SCENE + "    expekt: []\n")
    served.project.page(PAGE.replace("{#home}", ""))
    served.shows("hello from h1", NOTE, "docs/scenes/tiny.yml:5")
    served.project.scene("tiny", SCENE)
    served.shows(f"docs/en/index.md:{HEADING}", without="tiny.yml:5")
    served.project.page(PAGE)
    served.shows("hello from h1", without=NOTE)


def test_a_page_that_is_no_text_and_a_theme_that_breaks_end_nothing(served: Served) -> None:
    page = served.project.root / "docs/zh/index.md"
    page.write_bytes("# 标题 {#home}\n".encode("gbk"))
    served.shows("hello from h1", NOTE, "index.md")
    served.project.page(PAGE)
    served.shows("hello from h1", without=NOTE)
    config = served.project.root / "mkdocs.en.yml"
    text = config.read_text()
    config.write_text("site_name: [\n")
    served.shows("hello from h1", NOTE, "mkdocs.en.yml")
    config.write_text(text)
    served.shows("hello from h1", without=NOTE)


def test_a_wrong_project_is_served_from_the_start_and_comes_back_by_itself(
    project: Project,
) -> None:
    record(project)
    project.page(PAGE.replace('"hello"', '"hallo"'))
    with serving(project, **alone()) as served:
        served.shows(NOTE, "has no step")
        project.page(PAGE)
        served.shows("hello from h1", without=NOTE)


def test_a_project_that_cannot_be_built_at_all_says_so_and_comes_back_by_itself(
    project: Project,
) -> None:
    record(project)
    config = project.root / "mkdocs.yml"
    text = config.read_text()
    config.write_text("site_name: [\n")
    with serving(project, **alone()) as served:
        served.wait(lambda: NOTE in served.get("")[1])
        status, page = served.get("zh/")
        assert status == 503
        assert "mkdocs.yml" in page
        config.write_text(text)
        served.shows("hello from h1", without=NOTE, at="zh/")
        assert served.get("")[0] == 200


def test_a_scene_that_could_not_run_again_is_marked_and_shows_no_old_output(
    served: Served,
) -> None:
    path = served.project.scene("tiny", SCENE.replace("echo", "echo @edited").replace("@", ""))
    page = served.shows(NOTE, "edited, not run again", "Skipped", without="hello from h1<")
    assert 'class="out"' not in page
    assert "Verified" not in page
    served.wait(lambda: "docs/scenes/tiny.yml: edited, and not run again" in served.said)
    served.shows("已跳过", at="zh/")
    path.write_text(SCENE)
    served.shows("hello from h1", "Recorded", without=NOTE)


def test_an_edited_expectation_is_judged_on_what_was_printed_and_asks_for_no_engine(
    served: Served,
) -> None:
    served.project.scene("tiny", SCENE.replace("hello from h1}", "goodbye}"))
    served.shows(NOTE, "hello from h1", "docs/scenes/tiny.yml:4: expected equals")
    assert "engine" not in served.said.lower().replace("docker engine 28", "")
    served.project.scene("tiny", SCENE)
    served.shows("hello from h1", without=NOTE)


def test_a_recording_that_changes_is_shown(served: Served) -> None:
    record(served.project, "hello from h1 again\n")
    served.shows("hello from h1 again", NOTE, "tiny.yml:4")
    path = served.project.root / recording("tiny")
    path.write_text(path.read_text().replace("again", "by hand"))
    served.shows(NOTE, "docs/transcripts/tiny.json: edited by hand")
    record(served.project)
    served.shows("hello from h1", without=NOTE)


def test_an_edit_made_while_pages_are_rendered_is_not_lost(served: Served) -> None:
    for number in range(12):
        served.project.page(f"{PAGE}\nedit-{number}-of-many\n")
        time.sleep(0.15)
    served.shows("edit-11-of-many", without=NOTE)


def test_what_is_wrong_is_shown_as_text() -> None:
    assert note(()) == ""
    assert "<script>" not in note(["docs/en/x.md:1: <script>alert(1)</script>"])


def test_a_page_that_asks_for_the_state_is_answered_when_it_changes(served: Served) -> None:
    with urllib.request.urlopen(f"{served.url}~state?x", timeout=10) as answer:
        state = answer.read().decode()
    served.project.page(PAGE + "\nlater-words\n")
    while True:
        with urllib.request.urlopen(f"{served.url}~state?{state}", timeout=30) as answer:
            if answer.read().decode() != state:
                break
    served.shows("later-words", at="zh/")


@pytest.mark.parametrize("port", ["taken", "65536", "no-number"])
def test_a_port_that_cannot_be_had_is_a_sentence_and_status_2(project: Project, port: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1]) if port == "taken" else port
        status, said = project.run("serve", "--port", number)
    assert status == 2, said
    assert "Traceback" not in said
    assert "serving on" not in said
    assert "--port" in said


def test_a_host_that_is_not_here_is_a_sentence_and_status_2(project: Project) -> None:
    status, said = project.run("serve", "--host", "192.0.2.1", "--port", "0")
    assert status == 2, said
    assert said.startswith("--port: cannot serve on 192.0.2.1")


@pytest.mark.parametrize("after", ["the start", "the first page"])
def test_ctrl_c_ends_in_silence_and_leaves_nothing(project: Project, after: str) -> None:
    record(project)
    with serving(project, **alone()) as served:
        if after == "the first page":
            served.shows("hello from h1")
        said = list(served.lines)
        os.killpg(served.process.pid, signal.SIGINT)  # as a terminal does: to every process
        assert served.process.wait(5) == 0
        served.listener.join(5)
        new = served.lines[len(said) :]
        assert [line for line in new if not line.startswith("rendered ")] == []
        assert served.left() == []
    assert not list(project.root.glob(".site-*"))


def test_a_kill_leaves_no_process(project: Project) -> None:
    record(project)
    with serving(project, **alone()) as served:
        served.shows("hello from h1")
        assert len(served.children()) > 2
        served.process.kill()
        served.process.wait(5)
        assert served.left() == []


def test_another_worker_takes_the_place_of_one_that_was_killed(served: Served) -> None:
    workers = [
        pid for pid in served.children()
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]  # fmt: skip
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    served.project.page(PAGE + "\nmore-words\n")
    served.shows("more-words", without=NOTE)


def test_a_disk_that_cannot_be_written_is_a_sentence(project: Project) -> None:
    mount = (
        'mount --bind "$PWD" "$PWD" && mount -o remount,ro,bind "$PWD" && cd "$PWD" && exec "$@"'
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mount, "sh",
         sys.executable, "-B", "-m", "macros", "serve", "--port", "0"],
        cwd=project.root, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr


def test_seconds_of_a_scene_are_those_of_one_run() -> None:
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    _, tell = plain(Console(file=out))
    for _ in range(2):
        tell(Progress("one", "a", 1.0, 1))
        tell(Progress("one", "", 0.5, 1, done=True))
    assert out.getvalue().split("\n")[:2] == ["  ran one (1.5 s)"] * 2


@pytest.mark.docker
def test_an_edited_scene_runs_again_and_its_failure_is_told(
    project: Project, engine: OuterEngine
) -> None:
    record(project)
    with serving(project, DOCKER_HOST=engine.url) as served:
        served.shows("Recorded", without=NOTE)
        edited = SCENE.replace("echo hello", "echo once more hello")
        project.scene("tiny", edited)
        page = served.shows("once more hello from h1", "Failed", NOTE, "tiny.yml:4: expected")
        assert "edited, not run again" not in page
        project.scene("tiny", edited.replace("equals: hello", "equals: once more hello"))
        served.shows("once more hello from h1", "Verified", without=NOTE)
        assert served.said.count("ran tiny") == 1


@pytest.mark.docker
def test_a_scene_that_was_never_recorded_runs_at_the_start(
    project: Project, engine: OuterEngine
) -> None:
    with serving(project, DOCKER_HOST=engine.url) as served:
        served.shows("hello from h1", "Verified", without=NOTE)
        os.killpg(served.process.pid, signal.SIGINT)
        assert served.process.wait(10) == 0


def test_verdicts_are_served_as_they_are_now(served: Served) -> None:
    verdicts = json.loads(served.get("verdicts.json")[1])
    assert verdicts["counts"]["passed"] == 1
