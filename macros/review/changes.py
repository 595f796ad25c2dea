"""What a branch changes for readers, gathered from git and from built sites."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from .. import languages, shards
from ..errors import SCENES, TRANSCRIPTS, Mistake, Mistakes
from ..model import Transcript, Verdict
from ..pages import addresses, checks
from ..pages.headings import HEADING, HEADING_ID, fenced_lines
from ..scenes import scene
from ..verdicts import form as transcripts
from ..verdicts import transcript
from ..verdicts.drift import drift
from . import commits
from .form import LONG, MOST, ChangedOutput, ChangedPage, Changes, Kind, Rank, Search

RUNS = re.compile(
    r"macros/(rigs|scenes|verdicts)/|macros/(build|outcome|shards|engines|topology|patterns|limit)\."
    r"|requirements\.txt|scripts/(build|ready)$"
)
"""Files on which it depends how every scene runs, and is judged."""
LOOKS = re.compile(r"docs/(theme|words|terms)/|macros/(pages|site|diagrams)/|mkdocs.*\.yml")
"""Files on which all pages depend."""
BLOCK = re.compile(r'\{\{\{\s*\w+\(\s*"([a-z][a-z0-9-]*)"')
"""A call on a page, and the scene that it shows."""
GOOD = 3
"""A page is found where it is among so many."""
MINUTES = 400
"""Weight of scenes that one machine runs while others run theirs."""
MACHINES = 8


def gather(
    root: Path,
    base: str,
    head: str = "HEAD",
    sites: tuple[Path | None, Path | None] = (None, None),
    ranks: tuple[Path | None, Path | None] = (None, None),
) -> Changes:
    """What is another at `head` than where it left `base`; sites and ranks of before and after.

    Raises `Mistakes` for names of no commits, and for files that are not what they should be.
    """
    old, new = commits.fork(root, base, head), commits.resolve(root, head)
    paths = commits.changed(root, old, new)
    codes = sorted(languages.find(root)[0])
    outputs = list(changed_outputs(root, old, new, paths))
    pages = list(changed_pages(root, old, new, paths, codes))
    known = {(page.language, page.address) for page in pages}
    touched = {output.scene for output in outputs}
    pages += [
        ChangedPage(language=code, address=address, kind="shown")
        for code in codes if touched
        for address in showing(root, new, code, touched) if (code, address) not in known
    ]  # fmt: skip
    searches = None if None in ranks else tuple(lost_ranks(*map(read_ranks, filter(None, ranks))))
    lost = lost_addresses(root, old, new)
    lists: list[tuple[Any, ...]] = [tuple(pages), tuple(outputs), lost or (), searches or ()]
    return Changes(
        base=old,
        head=new,
        everything=any(RUNS.match(path) or LOOKS.match(path) for path in paths),
        pages=tuple(pages)[:MOST],
        outputs=tuple(outputs)[:MOST],
        scenes=touched_scenes(root, paths),
        before=verdicts(sites[0]),
        after=verdicts(sites[1]),
        addresses=None if lost is None else lost[:MOST],
        searches=None if searches is None else searches[:MOST],
        left_out=sum(max(0, len(items) - MOST) for items in lists),
    )


def touched_scenes(root: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Scenes that would run otherwise, or are recorded otherwise, for a change of these files."""
    known, paths = scene.files(root), [*paths]
    if any(RUNS.match(path) for path in paths):
        return tuple(sorted(known))
    places = {str(SCENES), str(TRANSCRIPTS)}
    own = {Path(path).stem for path in paths if str(Path(path).parent) in places}
    return tuple(sorted(own & known.keys()))


def since(root: Path, base: str) -> tuple[str, ...]:
    """The scenes that the branch here touches, commits and what is not committed yet alike."""
    start = commits.fork(root, base, "HEAD")
    listed = commits.git(root, "diff", "--name-only", "--no-renames", "-z", start)
    listed += commits.git(root, "ls-files", "--others", "--exclude-standard", "-z", "docs")
    return touched_scenes(root, listed.decode(errors="replace").split("\0"))


def machines(root: Path, names: Iterable[str]) -> int:
    """How many machines these scenes are spread over; 0 for none."""
    known, _ = scene.read_all(root)
    weight = sum(shards.weight(known[name]) for name in names if name in known)
    return min(MACHINES, -(-weight // MINUTES))


def changed_pages(
    root: Path, old: str, new: str, paths: Iterable[str], codes: Iterable[str]
) -> Iterator[ChangedPage]:
    """The pages whose own files differ."""
    for path in paths:
        for code in codes:
            if name := page_file(path, code):
                before, after = (text(commits.content(root, at, path)) for at in (old, new))
                kind: Kind = "new" if before is None else "gone" if after is None else "changed"
                headings = tuple(changed_headings(before or "", after or ""))
                yield ChangedPage(
                    language=code,
                    address=addresses.of_page(name),
                    kind=kind,
                    headings=headings[:MOST] if kind == "changed" else (),
                )


def page_file(path: str, code: str) -> str:
    """A page of a language below its folder, `modes/bridge.md`; "" for any other file."""
    found = re.fullmatch(rf"docs/{re.escape(code)}/((?:[a-z0-9-]+/)*[a-z0-9-]+\.md)", path)
    return found[1] if found and len(path) < 200 else ""


def text(content: bytes | None) -> str | None:
    return None if content is None else content.decode(errors="replace")


def changed_headings(old: str, new: str) -> Iterator[tuple[str, Kind]]:
    """The headings whose own text differs, as they stand on the page; then those that are gone."""
    before, after = sections(old), sections(new)
    for name, body in after.items():
        if body != before.get(name):
            yield name, "changed" if name in before else "new"
    yield from ((name, "gone") for name in before if name not in after)


def sections(body: str) -> dict[str, str]:
    """What stands below each heading that has an id, up to the next one."""
    inside, found, name = fenced_lines(body), dict[str, list[str]](), ""
    for number, line in enumerate(body.split("\n"), 1):
        heading = HEADING.match(line)
        own = HEADING_ID.search(heading[2].rstrip()) if heading and number not in inside else None
        name = own[1] if own else name
        if 0 < len(name) <= 100:
            found.setdefault(name, []).append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def showing(root: Path, commit: str, code: str, scenes: Iterable[str]) -> Iterator[str]:
    """The pages of a language that show one of these scenes."""
    wanted, top = {*scenes}, f"docs/{code}/"
    listed = commits.git(root, "ls-tree", "-r", "--name-only", "-z", commit, top)
    for path in filter(None, listed.decode(errors="replace").split("\0")):
        if name := page_file(path, code):
            body = text(commits.content(root, commit, path)) or ""
            if wanted & {*BLOCK.findall(body)}:
                yield addresses.of_page(name)


def changed_outputs(
    root: Path, old: str, new: str, paths: Iterable[str]
) -> Iterator[ChangedOutput]:
    """What is recorded otherwise, step by step, in normal form."""
    for path in paths:
        if Path(path).suffix != ".json" or str(Path(path).parent) != str(TRANSCRIPTS):
            continue
        name = Path(path).stem
        if not re.fullmatch("[a-z][a-z0-9-]{0,99}", name):
            continue
        try:
            before, after = (recorded(commits.content(root, at, path)) for at in (old, new))
        except ValueError:
            yield ChangedOutput(scene=name, step=None, kind="unreadable")
            continue
        yield from changed_steps(name, before, after)


def recorded(content: bytes | None) -> Transcript | None:
    """A transcript as a commit has it. Raises `ValueError` for what is none."""
    if content is None:
        return None
    if len(content) > transcripts.LARGEST:
        raise ValueError("this is too large")
    return transcript.from_plain(transcripts.check(transcripts.parse(content)))


def changed_steps(
    name: str, old: Transcript | None, new: Transcript | None
) -> Iterator[ChangedOutput]:
    """What two recordings of a scene say of its steps otherwise."""
    before = {result.step: result for result in old.results} if old else {}
    after = {result.step: result for result in new.results} if new else {}
    for step in dict.fromkeys((*after, *before)):
        if step not in before or step not in after:
            there = after.get(step) or before[step]
            sign, kind = ("+", "new") if step in after else ("-", "gone")
            lines = [f"$ {there.command}", *there.output.splitlines()]
            shown = "\n".join(f"{sign}{line}" for part in lines for line in part.split("\n"))
            yield output(name, step, kind, shown)
        elif difference := drift(before[step], after[step]):
            body = difference.partition("+++ printed\n")[2]
            yield output(name, step, "changed", f"--- before\n+++ after\n{body}")


def output(scene: str, step: str, kind: str, difference: str) -> ChangedOutput:
    """The record of one step, cut to its length; bytes that are no UTF-8 as they are escaped."""
    shown = difference.encode("utf-8", "backslashreplace").decode()
    if len(shown) > LONG:
        shown = f"{shown[:LONG].rpartition(chr(10))[0]}\n… and more"
    return ChangedOutput.model_validate(
        {"scene": scene, "step": step, "kind": kind, "difference": shown}
    )


def verdicts(site: Path | None) -> dict[Verdict, int] | None:
    """How often each verdict stands in a built site, None where there is none."""
    if site is None or not (path := site / "verdicts.json").exists():
        return None
    try:
        counts = json.loads(path.read_bytes())["counts"]
        return TypeAdapter(dict[Verdict, int]).validate_python(counts)
    except (ValueError, LookupError, TypeError):
        raise Mistakes([Mistake(str(path), 0, "this holds no verdicts of a site")]) from None


def lost_addresses(root: Path, old: str, new: str) -> tuple[str, ...] | None:
    """Published addresses that the tree here does not give any more, None where there is no list.

    Of a tree that cannot be read it is said by its own list.
    """
    before, after = (text(commits.content(root, at, str(addresses.FILE))) for at in (old, new))
    if before is None:
        return None
    scenes, wrong = scene.read_all(root)
    given = checks.check_all(root, scenes, {Path(mistake.path).stem for mistake in wrong}).addresses
    there = given or {*(after or "").splitlines()}
    lost = (line for line in before.splitlines() if line not in there)
    return tuple(line for line in lost if re.fullmatch(r"[!-~]{1,300}", line))


def read_ranks(path: Path) -> dict[str, dict[str, Rank]]:
    """Where queries find their pages, as `scripts/ranks` writes it. Raises `Mistakes`."""
    try:
        read = TypeAdapter(dict[str, dict[str, Rank]])
        return read.validate_json(path.read_bytes())
    except (ValueError, OSError):
        raise Mistakes([Mistake(str(path), 0, "these are no ranks; scripts/ranks SITE")]) from None


def lost_ranks(
    before: Mapping[str, Mapping[str, Rank]], after: Mapping[str, Mapping[str, Rank]]
) -> Iterator[Search]:
    """Queries whose page was among the first and is not any more."""
    for language, queries in after.items():
        for query, rank in queries.items():
            was = before.get(language, {}).get(query)
            if was is not None and was <= GOOD and (rank is None or rank > GOOD):
                yield Search(language=language, query=query[:100], before=was, after=rank)
