"""What a change changes, as Markdown: a pull request's comment, and a job's summary.

Whatever a stranger may have written stands in code, where nothing is obeyed, linked or notified;
all links lead to what the caller names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..errors import harmless
from ..model import Verdict
from .form import ChangedOutput, ChangedPage, Changes

MARK = "<!-- docker-networking-docs: what readers will see -->"
"""By which a comment is found again."""
LONGEST = 65_536
"""Characters that GitHub takes."""
FEW = 50
"""Addresses that are listed: more of them say no more."""
CUT = "\n\n*Shortened: {} more parts do not fit here; `scripts/changes {}` shows them all.*\n"
SIGNS = {"new": "new", "changed": "changed", "gone": "**gone**", "shown": "shows another output"}


def comment(changes: Changes, preview: str = "", run: str = "", longest: int = LONGEST) -> str:
    """The comment. `preview`: where the new site stands, with a slash at its end, "" where nowhere;
    `run`: where its archive is to be had.
    """
    parts = [f"{MARK}\n## What readers will see\n", *pages(changes, preview, run),
             *counts(changes), *risks(changes), *outputs(changes)]  # fmt: skip
    note = CUT.format(len(parts), changes.base[:12])
    kept: list[str] = []
    room = longest - len(note)
    for part in parts:
        if len(part) + 1 <= room:
            kept.append(part)
            room -= len(part) + 1
    left = len(parts) - len(kept) + changes.left_out
    return "\n".join(kept) + (CUT.format(left, changes.base[:12]) if left else "")


def pages(changes: Changes, preview: str, run: str) -> Iterator[str]:
    """The pages, each with links to what is another there, a language beside the other."""
    yield "### Pages\n"
    if not changes.pages:
        yield "No page is another.\n"
    if changes.everything:
        yield "The change touches what all pages look like, or how all scenes run.\n"
    for address in dict.fromkeys(page.address for page in changes.pages):
        of_it = [page for page in changes.pages if page.address == address]
        yield f"- `{address or 'index'}`: " + "; ".join(
            f"**{page.language}** {SIGNS[page.kind]}{places(page, preview)}" for page in of_it
        )
    if changes.pages and not preview:
        where = f"[the artifact `preview` of this run]({run})" if run else "`scripts/build --zip`"
        yield f"\nPaths are those in `site.zip`: {where}.\n"
    else:
        yield ""


def places(page: ChangedPage, preview: str) -> str:
    """The page, then its headings, as links or as paths."""
    if page.kind == "gone":
        return ""
    stay = [name for name, kind in page.headings if kind != "gone"]
    gone = [f"`#{name}` gone" for name, kind in page.headings if kind == "gone"]
    links = [link(page, name, preview) for name in stay] or [link(page, "", preview)]
    return f" ({', '.join([*links, *gone])})"


def link(page: ChangedPage, heading: str, preview: str) -> str:
    """A place on a page: a link into the preview, or a path in the archive."""
    anchor = f"#{heading}" if heading else ""
    if preview:
        return f"[{anchor or 'open'}]({preview}{page.language}/{page.address}{anchor})"
    file = "index" if not page.address else page.address.rstrip("/")
    return f"`{page.language}/{file}.html{anchor}`"


def counts(changes: Changes) -> Iterator[str]:
    """How many steps stand where, before and after."""
    if changes.after is None:
        return
    yield "### Verdicts\n"
    told = []
    for verdict in Verdict:
        now, was = changes.after.get(verdict, 0), (changes.before or {}).get(verdict)
        if was is not None and was != now:
            told.append(f"{verdict} {was} → **{now}**")
        elif now or was:
            told.append(f"{verdict} {now}")
    yield f"{', '.join(told) or 'none'}" + ("\n" if changes.before else "; before: not built\n")
    if changes.scenes:
        yield f"Scenes that are touched: {named(changes.scenes)}\n"


def named(names: Sequence[str], most: int = 20) -> str:
    """Names of scenes; of many, the first."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(f"`{name}`" for name in names[:most]) + more


def risks(changes: Changes) -> Iterator[str]:
    """Addresses that would lead nowhere, and queries that would find less."""
    if changes.addresses is not None:
        yield "### Addresses at risk\n"
        yield from (f"- {code(one)} would lead nowhere" for one in changes.addresses[:FEW])
        if (more := len(changes.addresses) - FEW) > 0:
            yield f"- and {more} more"
        yield "" if changes.addresses else "None: every published address stays.\n"
    if changes.searches is not None:
        yield "### Search\n"
        for one in changes.searches:
            now = f"place {one.after}" if one.after else "not found"
            yield f"- **{one.language}** {code(one.query)}: its page was at {one.before}, now {now}"
        yield "" if changes.searches else "Every golden query finds its page as before.\n"


def outputs(changes: Changes) -> Iterator[str]:
    """What is recorded otherwise, in normal form."""
    yield "### Output differences\n"
    if not changes.outputs:
        yield "None: what is recorded is the same in normal form.\n"
    yield from map(block, changes.outputs)


def block(output: ChangedOutput) -> str:
    """One step's difference, folded."""
    if output.kind == "unreadable":
        return f"- `{output.scene}`: **its transcript cannot be read**\n"
    title = f"<code>{output.scene}</code>, step <code>{output.step}</code>: {output.kind}"
    return (
        f"<details><summary>{title}</summary>\n\n{fence(output.difference, 'diff')}\n\n</details>\n"
    )


def code(text: str) -> str:
    """A text of one line as code, whatever is in it."""
    shown = " ".join(harmless(text).split())
    mark = "`" * (longest_run(shown) + 1)
    return f"{mark} {shown} {mark}"


def fence(text: str, kind: str = "") -> str:
    """Lines as a block of code, whatever is in them."""
    shown = "\n".join(harmless(line) for line in text.split("\n"))
    mark = "`" * max(3, longest_run(shown) + 1)
    return f"{mark}{kind}\n{shown}\n{mark}"


def longest_run(text: str) -> int:
    """Of backquotes."""
    return max((len(run) for run in re.findall("`+", text)), default=0)
