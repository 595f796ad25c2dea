"""Whether a scene's expectations can be trusted: they say something, and of the right thing.

The rules, each a function below. An expectation says something. A step that shows an
absence shows a presence too: in the same output, or in its *control*. A firewall rule
on the host's card says that the card's name is the reader's to change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from .probes import Target, targets
from .shellwords import Words, commands
from .step import Expectation, Step
from .written import CAPTURED

UNLIKE = ("Ωmega", "172.17.0.2\n", "% loss\n", "桥\n", "-P\n")
"""Texts that have no character in common: what holds of all of them says nothing."""
IDS = ("0123456789abcdef" * 4, "0a1b2c3d4e5f", "0a1b2c3d4e5f6g7h8i9jklmno")
"""What Docker prints of what it made."""
FAILURE = re.compile(
    r"100% packet loss|(?<!\d)0 (packets )?(received|captured)|refused|timed? ?out|unreachable"
    r"|no route to host|bad address|NXDOMAIN|SERVFAIL|can't (find|resolve|connect)|reset by peer"
    r"|empty reply"
    r"|could not resolve|not known|failed to connect|failure in name resolution|message too long"
    r"|\A000\Z",
    re.IGNORECASE,
)
"""What programs that ask the network say where they get no answer."""
COUNTER = re.compile(
    r"\bip6?tables(-nft)? .*(-[a-zA-Z]*v|--verbose)|\bip6?tables-save .*-c"
    r"|\bnstat\b|\bnetstat -s|\bip -s|\bip( -\S+)* neigh|\bconntrack\b|\btcpdump\b"
    r"|\bdocker logs\b|\bethtool -S|/proc/net/|\bss -\w*i|\bbridge( -\S+)* fdb"
)
"""Commands that read what packets leave: a counter, a neighbour, a flow, a capture, a log."""
NFT = re.compile(r"\bnft( -\w+)* list\b")
READS = re.compile(
    r"\b(grep|pgrep|ss|diff|cat|ls|lsns|iptables-save|ip6tables-save)\b"
    r"|\bdocker (port|ps|logs|diff|top|inspect|images|events)\b"
    r"|\bdocker (network|container|image) (ls|inspect)\b"
    r"|\bip( -\S+)* (a|addr|address|l|link|r|route|rule|n|neigh|netns|maddr)( (show|list|get)\b|$)"
    r"|\bip6?tables( -t \w+)? -\w*[SL]\b|\bnft list\b|\bconntrack -L\b|\bbridge .*\bshow\b"
)
"""Commands that only read, so that an empty output is an answer, not silence after work done."""
RULE = re.compile(r"-[AIRDC]|--(append|insert|replace|delete|check)")
CARD = "eth0"
"""The name of a host's network card, in every rig."""
Finding = tuple[int, str]
"""A line of the scene file, and what is wrong there with what to write instead."""


def check(scene: Iterable[Step]) -> Iterator[Finding]:
    """Every place where the steps of a scene prove less than they seem to."""
    steps = {step.id: step for step in scene}
    for step in steps.values():
        yield from vague(step)
        yield from absent_alone(step)
        yield from uncontrolled(step, steps)
        yield from unmarked(step)


def vague(step: Step) -> Iterator[Finding]:
    """An expectation that any output meets, or any but the empty one."""
    for one in step.expect:
        if says_nothing(one):
            yield (
                one.line,
                f"almost any output meets {one.text}: write what must be there, from the output "
                "that the recording shows",
            )


def says_nothing(one: Expectation) -> bool:
    """Whether an expectation holds of texts that have nothing in common."""
    if one.kind == "contains":
        return isinstance(one.value, str) and not one.value.strip()
    if one.kind != "matches":
        return False
    meets = re.compile(CAPTURED.sub("CAPTURED", one.value), re.MULTILINE).search
    held = [text for text in UNLIKE if meets(text)]
    return len(held) == len(UNLIKE) or bool(held and meets(""))


def absent_alone(step: Step) -> Iterator[Finding]:
    """A step that only says what is not in its output, which an empty output meets as well."""
    said = [one for one in step.expect if one.kind != "exit"]
    if said and all(one.kind == "absent" and not one.path for one in said):
        yield (
            said[0].line,
            'only "absent" is expected, and an empty output meets it too: '
            'add a line that must be there, "contains: …"',
        )


def is_id(one: Expectation) -> bool:
    """Whether an expectation is of an id that Docker draws, and of nothing else."""
    if one.kind != "matches" or one.path:
        return False
    meets = re.compile(CAPTURED.sub("CAPTURED", one.value), re.MULTILINE).search
    return any(meets(text) for text in IDS)


def is_empty(one: Expectation) -> bool:
    """Whether an expectation is of an empty output."""
    return one.kind == "equals" and one.value == "" and not one.path


def sets_up(step: Step) -> bool:
    """Whether nothing is expected of a step but that it ends well, silently or with an id."""
    return not is_empty_answer(step) and all(
        is_id(one) or is_empty(one) or (one.kind == "exit" and one.value == 0)
        for one in step.expect
    )


def shows_presence(step: Step) -> bool:
    """Whether something must be in a step's output, and that is not that no answer came."""
    said = [one for one in step.expect if one.kind in ("contains", "matches", "equals")]
    return not all(is_id(one) or is_empty(one) for one in said) and not is_negative(step)


def failed(step: Step) -> bool:
    """Whether a step's expectations say that what it asked got no answer."""
    said = [one.value for one in step.expect if one.kind in ("contains", "matches", "equals")]
    texts = [one for one in said if isinstance(one, str)]
    status = any(one.kind == "exit" and one.value for one in step.expect)
    return any(FAILURE.search(plain(one)) for one in texts) or (status and not any(texts))


def plain(pattern: str) -> str:
    """The words of a regex, or of a text, without its backslashes."""
    return re.sub(r"\\(.)", r"\1", pattern.replace("\\s+", " ").replace("\\s", " "))


def is_negative(step: Step) -> bool:
    """Whether a step asks the network, and its expectations say that no answer came.

    It asks where it runs `ping`, `curl`, `wget`, `nc`, `nslookup` or another program of
    `probes`; no answer came where one of the words of `FAILURE` is expected, or nothing but
    another exit status than 0. A capture that stays empty is one as well.
    """
    empty = any(
        one.kind in ("contains", "matches") and re.search(r"(?<!\d)0 packets captured", one.value)
        for one in step.expect
        if isinstance(one.value, str)
    )
    return empty or (any(targets(step.run)) and failed(step))


def is_empty_answer(step: Step) -> bool:
    """Whether a step reads something, and must find nothing at all."""
    said = [one for one in step.expect if one.kind != "exit"]
    return bool(said) and all(map(is_empty, said)) and bool(READS.search(last(step)))


def last(step: Step) -> str:
    """The last simple command of a step, whose output is what comes."""
    found = commands(step.run)
    return " ".join(word.text for word in found[-1]) if found else ""


def uncontrolled(step: Step, steps: Mapping[str, Step]) -> Iterator[Finding]:
    """A step that shows an absence without a control that shows that the question was right.

    An absence is no answer (`is_negative`), or nothing found (`is_empty_answer`). Its
    control is another step of the scene, before or after, that must find something, and
    runs the very same command, or names the same target (the address or the name, and the
    port where there is one; of nothing found: asks the same program the same thing) in its
    command or in what it must print, or reads what packets leave behind (`COUNTER`).
    """
    negative, empty = is_negative(step), is_empty_answer(step)
    if step.control is None:
        if negative or empty:
            what = "no answer comes" if negative else "nothing is found"
            yield (
                step.line,
                f'here {what}, as for a question that is wrong: add "control: ID", the step that '
                "runs the same command where it succeeds, asks the same target and gets an answer, "
                "or reads a counter, a neighbour or a capture",
            )
        return
    control = steps.get(step.control)
    if control is None or control is step:
        yield step.line, f'"control" names no other step of this scene, "{step.control}"'
    elif not shows_presence(control):
        yield (
            step.line,
            f'the control "{control.id}" (line {control.line}) must find something itself: '
            'expect "contains", "matches" or "equals" of what it prints',
        )
    elif not fits(step, control):
        yield (
            step.line,
            f'the control "{control.id}" (line {control.line}) asks something else: take a step '
            f"with the same command, {wanted(step)}or one that reads a counter, a neighbour or a "
            "capture",
        )


def wanted(step: Step) -> str:
    """The target that a fitting control names, in words for a message."""
    asked = [f"{one.host} {one.port}".strip() for one in targets(step.run)]
    return f"one that asks {' and '.join(asked)}, " if asked else ""


def fits(step: Step, control: Step) -> bool:
    """Whether a control shows that the question of a step was right."""
    if control.run == step.run or reads_trace(control):
        return True
    asked = list(targets(step.run))
    if not asked:
        return question(step) == question(control)
    return all(names_target(control.run, one) or prints_target(control, one) for one in asked)


def reads_trace(step: Step) -> bool:
    """Whether a step reads what packets leave behind; of nftables' rules, their counters."""
    counted = any("packets" in one.text for one in step.expect)
    return bool(COUNTER.search(step.run)) or (counted and bool(NFT.search(step.run)))


def names_target(run: str, target: Target) -> bool:
    """Whether a command names the same address or name, and the same port."""
    if asked := list(targets(run)):
        return any(one.host == target.host and target.port in ("", one.port) for one in asked)
    return mentions(run, target)


def prints_target(step: Step, target: Target) -> bool:
    """Whether an output must name an address or name, and its port: a log, a list."""
    said = [one.value for one in step.expect if one.kind in ("contains", "matches", "equals")]
    return any(mentions(plain(one), target) for one in said if isinstance(one, str))


def mentions(text: str, target: Target) -> bool:
    """Whether a text holds an address or a name, and its port, as words of their own."""
    together = target.port and re.search(
        rf"(?<![\w.:])\[?{re.escape(target.host)}\]?[.:]{re.escape(target.port)}\b", text
    )
    parts = filter(None, (target.host, target.port))
    return bool(together) or all(re.search(word(one), text) for one in parts)


def word(part: str) -> str:
    """The pattern of an address, a name or a port that is not part of a longer one."""
    edge = r"[\w:]" if ":" in part else r"\w"
    return rf"(?<!{edge})(?<!\w\.){re.escape(part)}(?!{edge}|\.\w)"


def question(step: Step) -> tuple[str, ...]:
    """What a step asks, without of what: its program and the next words that are no options."""
    words = [word for word in last(step).split() if not word.startswith("-")]
    return tuple(
        words[:2] if words and words[0] in ("docker", "ip", "bridge", "nft") else words[:1]
    )


def unmarked(step: Step) -> Iterator[Finding]:
    """A firewall rule on the host's card that does not say that the name is the reader's."""
    marked = any(CARD in text and kind == "card" for text, kind in step.yours.items())
    if "/" not in step.on and not marked and rules_card(step.run):
        yield (
            step.line,
            f"this rule names the card of these hosts, {CARD}; copied to a host with another it "
            f'does nothing: add "yours: {{{CARD}: card}}"',
        )


def rules_card(run: str) -> bool:
    """Whether a command changes firewall rules that name the host's card."""
    nft = re.search(r"\b[io]if(name)?\s+(!=\s*)?\"?eth0\b", run)
    return bool(nft and re.search(r"\bnft\b", run)) or any(map(filters_card, commands(run)))


def filters_card(words: Words) -> bool:
    """Whether a command is an iptables rule on the host's card."""
    texts = [word.text for word in words]
    return (
        texts[0] in ("iptables", "ip6tables")
        and any(RULE.fullmatch(one) for one in texts)
        and any(a in ("-i", "-o") and b == CARD for a, b in pairwise(texts))
    )
