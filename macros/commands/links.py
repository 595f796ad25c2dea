"""Links that leave the site, asked where they lead: a report, which never fails anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection as Plain
from http.client import HTTPException
from http.client import HTTPSConnection as Secure
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from ..model import Say
from ..pages import checks, headings
from .findings import Finding

URL = re.compile(r"(?:\]\(|<|^\[[^\]]+\]: +)(https?://[^\s)>]+)")
TIMEOUT = 15.0
SIDE_BY_SIDE = 8
HOPS = 5
FOR_GOOD = (301, 308)
MOVED = (*FOR_GOOD, 302, 303, 307)
GONE = (404, 410)
ASKS = {"User-Agent": "link check of a documentation site", "Accept": "text/html,*/*"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an address."""

    status: int = 0
    """0 where nobody answered."""
    moved: str = ""
    """Where it is for good."""
    why: str = ""
    """Why it could not be tried."""


def outside(root: Path) -> dict[str, list[tuple[str, int]]]:
    """Every address out of the site, with the places (page, line) that link to it."""
    places: dict[str, list[tuple[str, int]]] = {}
    for tree in checks.read_all(root).values():
        for page in tree.values():
            for number, line, fenced in headings.walk(page.body):
                for url in () if fenced else URL.findall(line):
                    address = url.partition("#")[0]
                    places.setdefault(address, []).append((page.path, page.above + number))
    return places


def ask(url: str, timeout: float) -> Answer:
    """Follow an address to its end. Raises nothing: what cannot be tried is an answer, too."""
    moved, here = "", url
    for _ in range(HOPS):
        try:
            status, there = once(here, timeout)
        except (OSError, HTTPException, ValueError) as error:
            return Answer(why=f"{type(error).__name__}: {error}")
        if status not in MOVED or not there:
            return Answer(status, moved if 200 <= status < 300 else "")
        here = urljoin(here, there)
        moved = here if status in FOR_GOOD and (moved or here) else moved
    return Answer(why=f"it leads on more than {HOPS} times")


def once(url: str, timeout: float) -> tuple[int, str]:
    """The status that a server answers with, and where it says to look instead."""
    to = urlsplit(url)
    kind = Secure if to.scheme == "https" else Plain
    connection = kind(to.hostname or "", to.port, timeout=timeout)
    try:
        path = (to.path or "/") + (f"?{to.query}" if to.query else "")
        for method in ("HEAD", "GET"):  # some servers know no HEAD
            connection.request(method, path, headers=ASKS)
            answer = connection.getresponse()
            if method == "GET" or answer.status < 400:
                break
            answer.read()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


def links(root: Path, say: Say, timeout: float = TIMEOUT) -> None:
    """Ask where all links lead, and say which are gone, moved for good, or could not be tried."""
    places = outside(root)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        answers = dict(zip(places, pool.map(lambda url: ask(url, timeout), places), strict=True))
    for url in sorted(places):
        for finding in found(url, answers[url], places):
            say(str(finding))
    fine = [one for one in answers.values() if 200 <= one.status < 300]
    gone = [one for one in answers.values() if one.status in GONE]
    untried = len(answers) - len(fine) - len(gone)
    say(f"{len(answers)} links: {len(fine)} lead somewhere, {len(gone)} are gone, "
        f"{untried} could not be tried")  # fmt: skip
    if answers and untried == len(answers):
        say("nothing answered: this machine seems to be offline, and nothing is said of any link")


def found(
    url: str, answer: Answer, places: Mapping[str, list[tuple[str, int]]]
) -> Iterator[Finding]:
    """What is to be said of an address, at each place that links to it."""
    what = ""
    if answer.status in GONE:
        what = f"{url} is gone ({answer.status}); link another source"
    elif answer.moved:
        what = f"{url} has moved for good; write {answer.moved}"
    elif not 200 <= answer.status < 300:
        why = answer.why or f"the server answers {answer.status}"
        what = f"{url} could not be tried: {why}; open it by hand"
    for page, line in places[url] if what else ():
        yield Finding(page, line, "outside link", what)
