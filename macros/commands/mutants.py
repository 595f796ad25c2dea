"""Scenes that are wrong in one place each, made from right ones. Pure: nothing runs here.

What is changed, by kind:

- ``step``: a step that only sets up (`soundness.sets_up`) is left out. One whose capture a
  later step uses is not: that step could not run at all. Nor one that ends a background step.
- ``option``: an option of `docker run`, `docker create`, `docker network create` or `docker
  network connect`, a match of a firewall rule, a setting of `ip`. Options that no packet can
  tell are left: names (each later step would fail), `--rm`, `--init`, `-d`, volumes; and
  those that a step says change nothing (`same_without`).
- ``target``: DROP becomes ACCEPT, ACCEPT, RETURN and REJECT become DROP; the same in nftables.
- ``sysctl``: 0 becomes 1, 1 and 2 become 0, in a command and among a host's options. Another
  value is a time or a limit, which a scene sets so that it runs the same each time.
- ``host``: a key of daemon.json is left out; dockerd starts on a host where it is off, if a
  step there speaks of Docker or of its rules: on any other, "off" saves time and no more.
- ``question``: a step that shows an absence asks somebody who is not there. Where its control
  names the same target, both do: one alone is refused as the scene is read (`soundness`).
- ``since``: a scene that says from which engine on it holds runs on one before that; a step
  that asks for the version is not what must fail there.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.version import Version

from ..scenes import soundness
from ..scenes.probes import Target, targets
from ..scenes.scene import ENGINES, SCENES, Host, Scene
from ..scenes.shellwords import Word, Words, commands
from ..scenes.step import Step
from ..scenes.written import names

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
}  # fmt: skip
"""The commands of Docker whose options are left out, and those options."""
BARE = frozenset(
    ("-P", "--publish-all", "--internal", "--ipv6", "--ipv4", "--attachable", "--ingress",
     "--detach", "--rm", "--init", "--privileged", "--read-only", "--interactive", "--tty",
     "--quiet", "--no-healthcheck", "--oom-kill-disable", "--scope")
)  # fmt: skip
"""Options without a value."""
CLUSTER = re.compile(r"-[ditqP]+")
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
UNUSED_PORT = "8999"
NOWHERE = "nowhere"
VERSION = re.compile(r"\bdocker (-\S+ )*(version|info|--version)|\bdockerd --version")
HOST_WORK = re.compile(r"\b(docker|dockerd|containerd)\b|\bip6?tables|\bnft\b")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A scene that is wrong in one place: what was changed, and where."""

    scene: Scene
    of: str
    """Name of the scene it was made from."""
    kind: str
    line: int
    what: str
    """``without -p 8080:80``, ``DROP → ACCEPT``."""
    step: str = ""
    """Id of the step that was changed; "" where it was a host or the engine."""

    @property
    def place(self) -> str:
        """Where it was changed: ``docs/scenes/x.yml:12``."""
        return f"{SCENES}/{self.of}.yml:{self.line}"

    def __str__(self) -> str:
        return f"{self.place}: {self.step}{': ' if self.step else ''}{self.what}"


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


def mutants(scene: Scene) -> list[Mutant]:
    """Every mutant of a scene, each under a name of its own."""
    made = [
        *without_steps(scene),
        *with_edits(scene),
        *with_other_hosts(scene),
        *with_other_questions(scene),
        *on_older_engine(scene),
    ]
    for number, one in enumerate(made, 1):
        one.scene._name = f"{scene.name}-mutant-{number}"
    return made


def changed(scene: Scene, runs: dict[str, str]) -> Scene:
    """A scene with other commands for some of its steps."""
    steps = tuple(
        step.model_copy(update={"run": runs[step.id]}) if step.id in runs else step
        for step in scene.steps
    )
    return scene.model_copy(update={"steps": steps})


def without_steps(scene: Scene) -> Iterator[Mutant]:
    """Each scene without one of its set-up steps."""
    awaited = {step.background.until for step in scene.steps if step.background}
    used = {
        name
        for step in scene.steps
        for name in names([step.run, [one.model_dump(by_alias=True) for one in step.expect]])
    }
    for step in scene.steps:
        needed = step.id in awaited or used & set(step.capture)
        if soundness.sets_up(step) and not step.background and not needed:
            rest = tuple(one for one in scene.steps if one is not step)
            mutant = scene.model_copy(update={"steps": rest})
            what = f"without this step: {shortened(step.run)}"
            yield Mutant(mutant, scene.name, "step", step.line, what, step.id)


def shortened(run: str) -> str:
    """A command on one line, as far as it fits there."""
    line = " ".join(run.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


def with_edits(scene: Scene) -> Iterator[Mutant]:
    """Each scene with one other word, or one word less, in one of its commands."""
    for step in scene.steps:
        same = {f"without {text}" for text in step.same_without}
        for edit in (one for one in edits(step.run) if one.what not in same):
            mutant = changed(scene, {step.id: edit.apply(step.run)})
            yield Mutant(mutant, scene.name, edit.kind, step.line, edit.what, step.id)


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
    if "iptables" not in texts and "ip6tables" not in texts:
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


def with_other_hosts(scene: Scene) -> Iterator[Mutant]:
    """Each scene with one other option of a host."""
    for name, host in scene.hosts.items():
        for what, other, kind in other_options(scene, name, host):
            hosts = {**scene.hosts, name: other}
            mutant = scene.model_copy(update={"hosts": hosts})
            yield Mutant(mutant, scene.name, kind, host.line or 1, f"{name}: {what}")


def other_options(scene: Scene, name: str, host: Host) -> Iterator[tuple[str, Host, str]]:
    """Each other way a host could be: what is changed, the host, the kind of change."""
    for key, value in host.sysctl.items():
        if new := TURNED.get(str(value)):
            turned = {**host.sysctl, key: new}
            yield f"{key}={value} → {new}", host.model_copy(update={"sysctl": turned}), "sysctl"
    works = any(on_host(step, name) and HOST_WORK.search(step.run) for step in scene.steps)
    if host.dockerd is None and works:
        yield "dockerd starts", host.model_copy(update={"dockerd": {}}), "host"
    for key in host.dockerd or ():
        rest = {one: old for one, old in (host.dockerd or {}).items() if one != key}
        yield f"daemon.json without {key}", host.model_copy(update={"dockerd": rest}), "host"


def on_host(step: Step, name: str) -> bool:
    """Whether a step runs on a host, or in a container there."""
    return step.on.partition("/")[0] == name


def with_other_questions(scene: Scene) -> Iterator[Mutant]:
    """Each scene in which a negative step asks an address, a name or a port that is not there."""
    steps = {step.id: step for step in scene.steps}
    for step in filter(soundness.is_negative, scene.steps):
        control = steps.get(step.control or "")
        asked = {(one.host, one.port): one for one in targets(step.run)}
        for target in asked.values():
            if control and told_by(control, step, target):
                continue
            for part, new in elsewhere(scene, step, target):
                changes = {step.id: replaced(step.run, part, new)}
                if control and soundness.names_target(control.run, target):
                    changes[control.id] = replaced(control.run, part, new)
                both = f", in {control.id} too" if control and control.id in changes else ""
                yield Mutant(
                    changed(scene, changes), scene.name, "question", step.line,
                    f"{part} → {new}{both}", step.id,
                )  # fmt: skip


def told_by(control: Step, step: Step, target: Target) -> bool:
    """Whether a control must print the target, so that with another it is refused as it is read."""
    return not (
        control.run == step.run
        or soundness.reads_trace(control)
        or soundness.names_target(control.run, target)
    )


def replaced(run: str, part: str, new: str) -> str:
    """A command with another host or port wherever it names this one."""
    return re.sub(soundness.word(part), new, run)


def elsewhere(scene: Scene, step: Step, target: Target) -> Iterator[tuple[str, str]]:
    """Each part of a target, host or port, and what is not there instead.

    Not where the step's own expectations name that part: they would not hold. Nor where the
    step says that another does as well (`same_without`).
    """
    said = " ".join(soundness.plain(str(one.value)) for one in step.expect)
    same = step.same_without
    if not (target.host in same or target.host in said) and (new := nobody(scene, target.host)):
        yield target.host, new
    if target.port_at and not (target.port in same or target.port in said):
        yield target.port, UNUSED_PORT


def nobody(scene: Scene, host: str) -> str:
    """An address of the same subnet that the scene does not name, or a name nobody has.

    "" for loopback, of which every address is there.
    """
    bare, percent, zone = host.partition("%")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return "" if host == "localhost" else f"{NOWHERE}-{host}"
    if address.is_loopback:
        return ""
    text = " ".join(step.run for step in scene.steps)
    for last in range(253, 1, -1):
        near = ipaddress.ip_address(int(address) // 256 * 256 + last)
        if type(near) is type(address) and str(near) not in text:
            return f"{near}{percent}{zone}"
    return ""


def on_older_engine(scene: Scene) -> Iterator[Mutant]:
    """A scene that holds since some engine, on the newest one before that."""
    if scene.since is None:
        return
    known = {
        name: Version(made["version"]) for name, made in tomllib.loads(ENGINES.read_text()).items()
    }
    older = {name: one for name, one in known.items() if one < Version(scene.since)}
    if not older:
        return
    name = max(older, key=lambda one: older[one])
    steps = tuple(
        step.model_copy(
            update={
                "needs": without_engines(step.needs),
                "expect": () if VERSION.search(step.run) else step.expect,
            }
        )
        for step in scene.steps
    )
    mutant = scene.model_copy(
        update={"engine": name, "needs": without_engines(scene.needs), "steps": steps}
    )
    what = f"on Engine {older[name]}, before {scene.since}"
    yield Mutant(mutant, scene.name, "since", 1, what)


def without_engines(needs: tuple[str, ...]) -> tuple[str, ...]:
    """What is needed besides an engine."""
    return tuple(one for one in needs if not one.startswith("engine"))
