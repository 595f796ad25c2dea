"""Changes of a command's text that give it another meaning. Pure text: knows no scene.

Words are found with their places, so that all but what is changed stays byte for byte as
it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from macros.scenes.shellwords import Word, Words, commands

CREATE = frozenset(
    ("-p", "--publish", "-P", "--publish-all", "--network", "--net", "--ip", "--ip6", "--dns",
     "--dns-search", "--dns-option", "--mac-address", "--network-alias", "--link", "--hostname",
     "-h", "--add-host", "--cap-add", "--sysctl", "--expose", "--privileged", "--domainname")
)  # fmt: skip
DOCKER = {
    ("run",): CREATE,
    ("create",): CREATE,
    ("network", "create"): frozenset(
        ("-d", "--driver", "-o", "--opt", "--subnet", "--gateway", "--ip-range", "--aux-address",
         "--internal", "--ipv6", "--ipv4", "--attachable", "--ipam-driver", "--ipam-opt")
    ),
    ("network", "connect"): frozenset(
        ("--ip", "--ip6", "--alias", "--link", "--gw-priority", "--driver-opt")
    ),
    ("service", "create"): frozenset(
        ("-p", "--publish", "--network", "--endpoint-mode", "--mode", "--replicas", "--hostname",
         "--host", "--dns", "--dns-search", "--dns-option", "--cap-add", "--sysctl")
    ),
}  # fmt: skip
"""The commands of Docker whose options are left out, and those options."""
BARE = frozenset(
    ("-P", "--publish-all", "--internal", "--ipv6", "--ipv4", "--attachable", "--ingress",
     "--detach", "--rm", "--init", "--privileged", "--read-only", "--interactive", "--tty",
     "--quiet", "--no-healthcheck", "--no-resolve-image", "--oom-kill-disable", "--scope")
)  # fmt: skip
"""Options without a value."""
CLUSTER = re.compile(r"-[ditqP]+")
IPTABLES = re.compile(r"ip6?tables(-legacy|-nft)?")
MATCHES = frozenset(
    ("-i", "-o", "-s", "-d", "-p", "--dport", "--sport", "--ctstate", "--ctdir", "--ctorigdst",
     "--ctorigdstport", "--in-interface", "--out-interface", "--source", "--destination")
)  # fmt: skip
"""What an iptables rule matches by."""
PORTS = re.compile(r"--(dport|sport|dports|sports|tcp-flags|icmp-type|set-mss|to-ports)")
"""What makes `-p` indispensable."""
SETTINGS = frozenset(("mtu", "address", "src", "metric", "table", "mode", "isolated", "hairpin"))
"""Words of `ip` and `bridge` with a value, without which the command still says something."""
OTHERWISE = {"DROP": "ACCEPT", "ACCEPT": "DROP", "REJECT": "DROP", "RETURN": "DROP"}
NFT_TARGET = re.compile(r"\b(accept|drop|reject)\b")
NFT_MATCH = re.compile(
    r"\b(?:[io]if(?:name)?|ip6? [sd]addr|(?:tcp|udp) [sd]port|ct (?:original )?[\w-]+)"
    r" (?:!= )?[\w.:/\"]+ "
)
SYSCTL = re.compile(r"(?<!--sysctl )(\bnet\.[\w./-]+ ?= ?)([012])(?!\d)")
PROC = re.compile(r"(\becho )([012])(?= ?> ?/proc/sys/net/)")
TURNED = {"0": "1", "1": "0", "2": "0"}


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a step's command: ``run[start:end]`` becomes `text`."""

    kind: str
    start: int
    end: int
    text: str
    what: str

    def apply(self, run: str) -> str:
        """The command with this change and no other."""
        return run[: self.start] + self.text + run[self.end :]


def edits(run: str) -> Iterator[Edit]:
    """Every change of a command that gives it another meaning."""
    for words in commands(run):
        yield from docker_options(run, words)
        yield from rule_parts(run, words)
        yield from ip_settings(run, words)
    yield from nft_parts(run)
    for pattern in (SYSCTL, PROC):
        if not re.match(r"\s*(cat|grep)\b", run):
            for found in pattern.finditer(run):
                new = TURNED[found[2]]
                what = f"{found[0]} → {new}"
                yield Edit("sysctl", found.start(2), found.end(2), new, what)


def removal(run: str, first: Word, last: Word) -> Edit:
    """The edit that leaves out some words, and the blanks before them."""
    start = len(run[: first.start].rstrip(" "))
    return Edit("option", start, last.end, "", f"without {run[first.start : last.end]}")


def docker_options(run: str, words: Words) -> Iterator[Edit]:
    """Each option of a `docker` command left out."""
    at = next((n for n, word in enumerate(words) if word.text == "docker"), len(words))
    rest = list(words[at + 1 :])
    while rest and rest[0].text in ("-c", "--context", "-H", "--host"):
        del rest[:2]
    for name, meant in DOCKER.items():
        if tuple(word.text for word in rest[: len(name)]) == name:
            for first, last in options(rest[len(name) :]):
                if first.text.partition("=")[0] in meant:
                    yield removal(run, first, last)


def options(words: list[Word]) -> Iterator[tuple[Word, Word]]:
    """The options before the first argument: each one's first and last word."""
    at = 0
    while at < len(words) and words[at].text.startswith("-"):
        first = words[at]
        short = CLUSTER.fullmatch(first.text) and not (
            first.text == "-d" and at + 1 < len(words) and is_driver(words[at + 1].text)
        )
        bare = first.text in BARE or "=" in first.text or short
        last = first if bare or at + 1 == len(words) else words[at + 1]
        yield first, last
        at += 1 if last is first else 2


def is_driver(text: str) -> bool:
    """Whether a word is a network driver, so that the `-d` before it takes it as its value."""
    return text in ("bridge", "host", "ipvlan", "macvlan", "none", "overlay")


def rule_parts(run: str, words: Words) -> Iterator[Edit]:
    """Each match of an iptables rule left out, and its target turned round."""
    texts = [word.text for word in words]
    if not any(map(IPTABLES.fullmatch, texts)):
        return
    if "-P" in texts and texts[-1] in OTHERWISE:
        yield turned(words[-1])
    if not any(one in ("-A", "-I", "-R") for one in texts):
        return
    flow = [n for n, one in enumerate(texts) if one.startswith("--ct")]
    for at, text in enumerate(texts[:-1]):
        if text == "-j" and texts[at + 1] in OTHERWISE:
            yield turned(words[at + 1])
        if text not in MATCHES or (text == "-p" and any(map(PORTS.fullmatch, texts))):
            continue
        first = at - 1 if texts[at - 1] == "!" else at
        if flow == [at] and texts[first - 2] == "-m":
            first -= 2  # a `-m conntrack` with nothing behind it is refused
        yield removal(run, words[first], words[at + 1])


def turned(word: Word) -> Edit:
    """The edit that turns a rule's target round."""
    new = OTHERWISE[word.text]
    return Edit("target", word.start, word.end, new, f"{word.text} → {new}")


def ip_settings(run: str, words: Words) -> Iterator[Edit]:
    """Each setting that `ip` or `bridge` gives to a link, an address or a route, left out."""
    texts = [word.text for word in words]
    program = next((n for n, one in enumerate(texts) if one in ("ip", "bridge")), None)
    if program is None or not {"add", "set", "replace", "change"} & set(texts):
        return
    for at in range(program + 2, len(texts) - 1):
        if texts[at] in SETTINGS and texts[at + 1] not in ("add", "set", "replace", "show"):
            yield removal(run, words[at], words[at + 1])


def nft_parts(run: str) -> Iterator[Edit]:
    """Each match of an nftables rule left out, and each verdict turned round."""
    if not re.search(r"\bnft\b.*( add | insert | -f )", run, re.DOTALL):
        return
    for found in NFT_TARGET.finditer(run):
        new = "drop" if found[0] == "accept" else "accept"
        yield Edit("target", found.start(), found.end(), new, f"{found[0]} → {new}")
    for found in NFT_MATCH.finditer(run):
        yield Edit("option", found.start(), found.end(), "", f"without {found[0].strip()}")
