"""A topology as boxes on a grid of HTML: where they stand is said here, how big they are is not.

Hosts side by side, below them the wire; on a phone, hosts one below the other and the wire at
their left, by `diagram.css` alone. Texts keep the classes they have in console blocks, so that
what marks every occurrence of an address on a page finds it here too. There are no ids in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import markup
from ..languages import Words
from ..topology import Namespace
from .cells import Rows, interface
from .columns import HostColumns, arrange
from .comparison import Comparison
from .elements import LAN
from .host import HostGrid
from .lane import lane, stops


def grid(changed: Comparison, words: Words, hops: Sequence[str] = (), *, lost: bool = False) -> str:
    """The topology; with numbers at the things that `hops` names, and a line along them.

    Where it is `lost`, the line ends before the last of them.

    Raises `LookupError` for a name that is not in the picture.
    """
    spaces = changed.topology.namespaces
    hosts = [space for space in spaces if space.kind == "host" and space.host != LAN]
    every = [arrange(changed.topology, host, crowded=len(hosts) > 1) for host in hosts]
    rows = Rows(max((bar.level + 1 for columns in every for bar in columns.bars), default=1))
    lan = next((space for space in spaces if space.place == LAN), None)
    wire = lan.interfaces if lan else ()
    known = [dict(stops(columns, rows, wire)) for columns in every]
    names = dict.fromkeys(name for passed in known for name in passed)
    for hop in hops:
        if hop not in names:
            raise LookupError(f'there is no "{hop}" in the diagram; there are: {", ".join(names)}')
    tunnelled = [space.host for space in spaces if space.kind == "overlay"]
    drawn = []
    for number, (columns, passed) in enumerate(zip(every, known, strict=True), 1):
        host = HostGrid(changed, words, columns, rows, wire, sides(columns.host, tunnelled))
        inner = "".join((*host.cells(), *lane(passed, hops, rows, lost=lost)))
        style = f"--at:{number};grid-template-columns:{tracks(columns)}"
        drawn.append(f'<div class="host" style="{style}">{inner}</div>')
    kinds = {"many": len(hosts) > 1, "joined": len(tunnelled) > 1, "path": bool(hops)}
    classes = " ".join(("net", *(kind for kind, holds in kinds.items() if holds)))
    style = f"--hosts:{len(hosts)};--levels:{rows.levels}"
    return f'<div class="{classes}" style="{style}">{"".join(drawn)}{bar(lan, words)}</div>'


def sides(host: Namespace, tunnelled: Sequence[str]) -> tuple[str, ...]:
    """Where the next hosts of an overlay network are."""
    if host.host not in tunnelled:
        return ()
    place = tunnelled.index(host.host)
    return ("left",) * (place > 0) + ("right",) * (place < len(tunnelled) - 1)


def tracks(columns: HostColumns) -> str:
    """A host's columns, as wide as the browser finds what is in them."""
    groups = " var(--gap) ".join(" ".join(["auto"] * count) for count in columns.groups)
    return f"var(--pad) {groups} var(--pad)"


def bar(lan: Namespace | None, words: Words) -> str:
    """The wire between the hosts."""
    bridge = next((link for link in lan.interfaces if link.kind == "bridge"), None) if lan else None
    if not bridge:
        return ""
    name = " ".join((interface(bridge.name), *map(markup.painted, bridge.addresses)))
    return f'<div class="wire"><span>{name}</span> <span class="note">{words.wire}</span></div>'
