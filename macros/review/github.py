"""GitHub's API, as far as this project talks to it: a run's artifact, one comment, one issue.

What an artifact holds comes from a stranger's code. It is read into memory, within bounds, and by
its form alone; which pull request it is about is asked here, never read from it.
"""

from __future__ import annotations

import io
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import Mistake, Mistakes, Problem
from ..verdicts import form as forms
from .comment import LONGEST, MARK, comment, fence
from .form import LARGEST, Changes

BOT = "github-actions[bot]"
"""Who writes with a workflow's own token."""
ARTIFACT, FILE = "changes", "changes.json"
DRIFT = "drift"
"""The label of the issue that says what is printed otherwise than it is recorded."""
DRIFTED = "<!-- docker-networking-docs: drift -->"
SECONDS = 30
PAGES = 50
"""Of a hundred items each, that are looked through at most."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on GitHub, and the token that speaks for a workflow."""

    name: str
    """``owner/name``."""
    token: str
    api: str
    server: str

    @classmethod
    def here(cls) -> Repository:
        """That of the workflow under way, as GitHub names it. Raises `Mistakes`."""
        name, token = (os.environ.get(key, "") for key in ("GITHUB_REPOSITORY", "GITHUB_TOKEN"))
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", name) or not token:
            message = "set GITHUB_REPOSITORY, owner/name, and GITHUB_TOKEN, as a workflow does"
            raise Mistakes([Mistake("scripts/github", 0, message)])
        return cls(
            name, token,
            os.environ.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"),
            os.environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/"),
        )  # fmt: skip

    def ask(self, way: str, method: str = "GET", body: object = None) -> Any:
        """What the API answers, None where it knows nothing of that. Raises `Problem`."""
        data = None if body is None else json.dumps(body).encode()
        content = self.fetch(f"{self.api}/repos/{self.name}/{way}", method, data)
        return None if content is None else json.loads(content or b"null")

    def fetch(self, url: str, method: str = "GET", data: bytes | None = None) -> bytes | None:
        """Bytes at an address. Where the API leads on to another, the token is not sent along."""
        request = urllib.request.Request(url, data, method=method)
        request.add_header("Accept", "application/vnd.github+json")
        request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                content = bytes(answer.read(LARGEST + 1))
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 404 and method == "GET":
                    return None
                why = error.read(500).decode(errors="replace")
            raise Problem(f"GitHub refuses {method} {url}: {error.code} {why}") from None
        except OSError as error:
            raise Problem(f"GitHub does not answer {method} {url}: {error}") from None
        if len(content) > LARGEST:
            raise Problem(f"GitHub answers {method} {url} with more than {LARGEST >> 20} MiB")
        return content

    def each(self, way: str, inside: str = "") -> Iterator[dict[str, Any]]:
        """All items of a list that has pages. Raises `Problem`."""
        joint = "&" if "?" in way else "?"
        for number in range(1, PAGES + 1):
            answer = self.ask(f"{way}{joint}per_page=100&page={number}")
            items = (answer or {}).get(inside, []) if inside else answer or []
            yield from items
            if len(items) < 100:
                return


def comment_on(repository: Repository, run: int, preview: str = "") -> str:
    """Say on a run's pull request what it changes, in one comment; what was done.

    Raises `Mistakes` for a report that is none, `Problem` where GitHub refuses.
    """
    about = repository.ask(f"actions/runs/{run}")
    if not about or about["event"] != "pull_request":
        raise Mistakes([Mistake("scripts/github", 0, f"run {run} is of no pull request")])
    number = pull_request(repository, about)
    if number is None:
        return "no open pull request has this commit any more: nothing is said"
    url = f"{repository.server}/{repository.name}/actions/runs/{run}"
    changes = report(repository, run)
    if changes and changes.head != about["head_sha"]:
        raise Mistakes([Mistake(FILE, 0, "this is a report of another commit than the run's")])
    if changes:
        text = comment(changes, preview, url)
    else:
        text = f"{MARK}\n## What readers will see\n\n[The run]({url}) ended without a report.\n"
    mine = [
        one["id"]
        for one in repository.each(f"issues/{number}/comments")
        if one["user"]["login"] == BOT and one["body"].startswith(MARK)
    ]
    if mine:
        repository.ask(f"issues/comments/{mine[0]}", "PATCH", {"body": text})
        return f"the comment on #{number} is updated"
    repository.ask(f"issues/{number}/comments", "POST", {"body": text})
    return f"a comment on #{number} is new"


def pull_request(repository: Repository, run: dict[str, Any]) -> int | None:
    """The number of the open pull request whose head is what a run was of, None if none is."""
    origin = run["head_repository"] or {}
    if not origin:
        return None  # the fork is gone
    head = urllib.parse.quote(f"{origin['owner']['login']}:{run['head_branch']}", safe="")
    for pull in repository.each(f"pulls?state=open&head={head}"):
        source = pull["head"]["repo"] or {}
        if pull["head"]["sha"] == run["head_sha"] and source.get("id") == origin["id"]:
            return int(pull["number"])
    return None


def report(repository: Repository, run: int) -> Changes | None:
    """The report that a run brought, None where it brought none. Raises `Mistakes`, `Problem`."""
    for artifact in repository.each(f"actions/runs/{run}/artifacts", "artifacts"):
        if artifact["name"] == ARTIFACT and not artifact["expired"]:
            way = f"{repository.api}/repos/{repository.name}/actions/artifacts/{artifact['id']}/zip"
            return understood(repository.fetch(way) or b"")
    return None


def understood(packed: bytes) -> Changes:
    """The report in an artifact. Raises `Mistakes` for anything else, however large it unpacks."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive, archive.open(FILE) as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ValueError(f"it is larger than {LARGEST >> 20} MiB")
        return Changes.model_validate(forms.check(forms.parse(content), Changes))
    except (
        ValueError,
        KeyError,
        OSError,
        NotImplementedError,
        zipfile.BadZipFile,
        EOFError,
    ) as error:
        what = f"this is no report of a change, {forms.printable(str(error))}"
        raise Mistakes([Mistake(FILE, 0, what)]) from None


def tell_drift(repository: Repository, texts: dict[str, str]) -> str:
    """Keep one open issue while something drifts, and none else; what was done. Raises `Problem`.

    `texts`: what a night's builds said, by what they are of, "" for one that is as recorded.
    """
    body = drifted(texts, f"{repository.server}/{repository.name}")
    open_ones = [
        one
        for one in repository.each(f"issues?state=open&labels={DRIFT}")
        if one["user"]["login"] == BOT and (one["body"] or "").startswith(DRIFTED)
        and "pull_request" not in one
    ]  # fmt: skip
    if body and open_ones:
        number = open_ones[0]["number"]
        if open_ones[0]["body"] == body:
            return f"issue #{number} says so already"
        repository.ask(f"issues/{number}", "PATCH", {"body": body})
        return f"issue #{number} is updated"
    if body:
        title = "Docker says something else than is recorded"
        new = {"title": title, "body": body, "labels": [DRIFT]}
        return f"issue #{repository.ask('issues', 'POST', new)['number']} is new"
    for one in open_ones:
        gone = {"body": "Everything is as recorded again."}
        repository.ask(f"issues/{one['number']}/comments", "POST", gone)
        repository.ask(f"issues/{one['number']}", "PATCH", {"state": "closed"})
    return "everything is as recorded" + ("; the issue is closed" if open_ones else "")


def drifted(texts: dict[str, str], repository: str) -> str:
    """The issue's text, "" where nothing is to be said. The same findings are the same text."""
    said = {name: text for name, text in sorted(texts.items()) if text.strip()}
    if not said:
        return ""
    guide = f"{repository}/blob/HEAD/REFERENCE.md#read-a-drift"
    head = f"{DRIFTED}\n[REFERENCE]({guide}) says how to read this.\n"
    room = (LONGEST - len(head)) // len(said) - 200
    parts = [head]
    for name, text in said.items():
        short = len(text) > room
        note = "\n*Shortened: the job's log has all of it.*\n" if short else ""
        parts.append(f"## {name}\n\n{fence(text[:room])}\n{note}")
    return "\n".join(parts)
