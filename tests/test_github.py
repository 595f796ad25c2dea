"""What GitHub is told, asked over real requests of a server that plays its API."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from macros.errors import Mistakes, Problem
from macros.review import github
from macros.review.comment import MARK
from macros.review.github import DRIFTED, Repository

from .test_changes import GOOD

HEAD = GOOD["head"]
BOT = {"login": "github-actions[bot]"}


class Hub(ThreadingHTTPServer):
    """As much of GitHub as is asked here: one repository, one run, its pull requests and issues."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server_port}"
        fork = {"id": 9, "owner": {"login": "someone"}, "full_name": "someone/fork"}
        self.run: dict[str, Any] | None = {
            "event": "pull_request", "head_sha": HEAD, "head_branch": "a b&c",
            "head_repository": fork,
        }  # fmt: skip
        others = [{"number": n, "head": {"sha": "f" * 40, "repo": fork}} for n in range(1, 120)]
        self.pulls: list[dict[str, Any]] = [
            *others,
            {"number": 207, "head": {"sha": HEAD, "repo": fork}},
        ]
        self.artifacts = [{"id": 1, "name": "preview", "expired": False},
                          {"id": 2, "name": "changes", "expired": False}]  # fmt: skip
        self.packed = packed(GOOD)
        self.comments: list[dict[str, Any]] = [
            {"id": n, "user": {"login": "x"}, "body": "hm"} for n in range(150)
        ]
        self.issues: list[dict[str, Any]] = []
        self.wrote: list[tuple[str, str, Any]] = []
        self.refuses = False
        self.tokens: list[tuple[str, str | None]] = []

    def lists(self, path: str, query: dict[str, list[str]]) -> Any:
        match path:
            case "actions/runs/7":
                return self.run
            case "pulls":
                return self.pulls if query["head"] == ["someone:a b&c"] else []
            case "issues/207/comments":
                return self.comments
            case "issues":
                return [one for one in self.issues if one["state"] == query["state"][0]]
        return None


class Answer(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def answer(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        path = url.path.removeprefix("/repos/o/n/")
        self.server.tokens.append((path, self.headers["Authorization"]))
        if path == "/stored":
            return self.send(200, self.server.packed)
        if path == "actions/artifacts/2/zip":
            return self.send(
                302, b"", Location=f"http://localhost:{self.server.server_port}/stored"
            )
        if self.command != "GET":
            return self.write(path)
        if path == "actions/runs/7/artifacts":
            return self.send(200, {"artifacts": self.server.artifacts})
        answer = self.server.lists(path, query)
        if isinstance(answer, list):
            page = int(query["page"][0])
            answer = answer[(page - 1) * 100 : page * 100]
        return (
            self.send(404, {"message": "Not Found"}) if answer is None else self.send(200, answer)
        )

    do_GET = do_POST = do_PATCH = answer

    def write(self, path: str) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.wrote.append((self.command, path, body))
        if self.server.refuses:
            return self.send(403, {"message": "Resource not accessible"})
        if path == "issues/207/comments":
            self.server.comments.append({"id": 900, "user": BOT, **body})
        elif path == "issues":
            self.server.issues.append({"number": 31, "user": BOT, "state": "open", **body})
        elif found := re.fullmatch(r"issues/comments/(\d+)", path):
            next(c for c in self.server.comments if c["id"] == int(found[1])).update(body)
        elif found := re.fullmatch(r"issues/(\d+)", path):
            next(one for one in self.server.issues if one["number"] == int(found[1])).update(body)
        return self.send(200, {"number": 31})

    def send(self, status: int, body: object, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def packed(raw: object, name: str = "changes.json") -> bytes:
    content = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return place.getvalue()


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, args=(0.01,))
        thread.start()
        yield hub
        hub.shutdown()
        thread.join()


@pytest.fixture
def repository(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """As a workflow's environment names it."""
    for name, value in {
        "GITHUB_API_URL": hub.url, "GITHUB_REPOSITORY": "o/n", "GITHUB_TOKEN": "t0ken",
        "GITHUB_SERVER_URL": "https://github.example",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return Repository.here()


def test_one_comment_is_written_and_then_kept_up_to_date(hub: Hub, repository: Repository) -> None:
    assert github.comment_on(repository, 7) == "a comment on #207 is new"
    ((method, path, body),) = hub.wrote
    assert (method, path) == ("POST", "issues/207/comments")
    assert body["body"].startswith(f"{MARK}\n## What readers will see\n")
    assert "https://github.example/o/n/actions/runs/7" in body["body"]
    assert "passed 1 → **2**" in body["body"]
    hub.packed = packed(GOOD | {"after": {"passed": 5}})
    assert (
        github.comment_on(repository, 7, "https://p.example/") == "the comment on #207 is updated"
    )
    assert hub.wrote[1][:2] == ("PATCH", "issues/comments/900")
    assert "passed 1 → **5**" in hub.comments[-1]["body"]
    assert "https://p.example/en/modes/none/#a" in hub.comments[-1]["body"]
    assert len(hub.wrote) == 2


def test_the_token_goes_to_the_api_and_nowhere_else(hub: Hub, repository: Repository) -> None:
    github.comment_on(repository, 7)
    sent = dict(hub.tokens)
    assert sent.pop("/stored") is None
    assert {*sent.values()} == {"Bearer t0ken"}


def test_a_comment_that_somebody_else_wrote_is_left_alone(hub: Hub, repository: Repository) -> None:
    hub.comments[3]["body"] = f"{MARK}\nmine"
    assert github.comment_on(repository, 7) == "a comment on #207 is new"
    assert hub.comments[3]["body"] == f"{MARK}\nmine"


def test_a_run_without_a_report_is_said(hub: Hub, repository: Repository) -> None:
    hub.artifacts.pop()
    github.comment_on(repository, 7)
    assert "ended without a report" in hub.wrote[0][2]["body"]


@pytest.mark.parametrize("case", ["newer commit", "other repository", "fork gone", "closed"])
def test_of_a_commit_that_no_pull_request_has_nothing_is_said(
    hub: Hub, repository: Repository, case: str
) -> None:
    assert hub.run
    if case == "newer commit":
        hub.pulls[-1]["head"]["sha"] = "e" * 40
    elif case == "other repository":
        hub.pulls[-1]["head"]["repo"] = {"id": 10}
    elif case == "fork gone":
        hub.run["head_repository"] = None
    else:
        hub.pulls = []
    assert "nothing is said" in github.comment_on(repository, 7)
    assert not hub.wrote


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed(GOOD | {"number": 1}), "this is no report of a change, number: "),
        (packed(GOOD | {"head": "2" * 40}), "a report of another commit than the run's"),
        (packed(b" " * (5 << 20)), "it is larger than 4 MiB"),
        (packed(b"[" * 100_000), "nested too deeply"),
        (packed(GOOD, "../changes.json"), "this is no report of a change"),
        (b"PK", "this is no report of a change"),
    ],
)
def test_a_report_that_is_none_is_refused_and_nothing_is_said(
    hub: Hub, repository: Repository, content: bytes, words: str
) -> None:
    hub.packed = content
    with pytest.raises(Mistakes, match=re.escape(words)):
        github.comment_on(repository, 7)
    assert not hub.wrote


def test_a_run_that_is_not_there_or_of_no_pull_request_is_refused(
    hub: Hub, repository: Repository
) -> None:
    with pytest.raises(Mistakes, match="run 8 is of no pull request"):
        github.comment_on(repository, 8)
    assert hub.run
    hub.run["event"] = "push"
    with pytest.raises(Mistakes, match="run 7 is of no pull request"):
        github.comment_on(repository, 7)


def test_a_refusal_and_a_silence_are_told(
    hub: Hub, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.refuses = True
    with pytest.raises(Problem, match=r"GitHub refuses POST .*: 403 .*not accessible"):
        github.comment_on(repository, 7)
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    with pytest.raises(Problem, match="GitHub does not answer GET"):
        github.comment_on(Repository.here(), 7)
    monkeypatch.delenv("GITHUB_TOKEN")
    with pytest.raises(Mistakes, match="set GITHUB_REPOSITORY, owner/name, and GITHUB_TOKEN"):
        Repository.here()


def test_one_issue_is_open_while_something_drifts(hub: Hub, repository: Repository) -> None:
    stranger = {"number": 1, "user": {"login": "x"}, "state": "open", "body": f"{DRIFTED} me"}
    hub.issues.append(stranger)
    fine = {"nightly-recorded": "", "nightly-26": "\n"}
    assert github.tell_drift(repository, fine) == "everything is as recorded"
    assert not hub.wrote
    drifted = fine | {"nightly-recorded": "x.yml:3: step y drifted\n  -a\n  +b ```` @all\n"}
    assert github.tell_drift(repository, drifted) == "issue #31 is new"
    body = hub.issues[-1]["body"]
    assert hub.issues[-1]["labels"] == ["drift"]
    assert "## nightly-recorded\n\n`````\nx.yml:3: step y drifted\n  -a\n" in body
    assert "nightly-26" not in body
    assert github.tell_drift(repository, drifted) == "issue #31 says so already"
    assert (
        github.tell_drift(repository, drifted | {"nightly-26": "z" * 99_999})
        == "issue #31 is updated"
    )
    assert len(hub.issues[-1]["body"]) <= 65_536
    assert "*Shortened: the job's log has all of it.*" in hub.issues[-1]["body"]
    assert github.tell_drift(repository, fine) == "everything is as recorded; the issue is closed"
    assert hub.issues[-1]["state"] == "closed"
    assert stranger["state"] == "open"
