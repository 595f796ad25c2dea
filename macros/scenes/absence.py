"""Steps that show an absence, and whether another step shows that the question was right.

An absence is that the network gave no answer, or that nothing was found. Of the rules that
follow from it this module knows nothing.
"""

from __future__ import annotations

import re

from .probes import Target, targets
from .shellwords import commands
from .step import Expectation, Step
from .values import CAPTURED, IDS

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


def is_id(wanted: Expectation) -> bool:
    """Whether an expectation is of an id that Docker draws, and of nothing else."""
    if wanted.kind != "matches" or wanted.path:
        return False
    meets = re.compile(CAPTURED.sub("CAPTURED", wanted.value), re.MULTILINE).search
    return any(meets(text) for text in IDS)


def is_empty(wanted: Expectation) -> bool:
    """Whether an expectation is of an empty output."""
    return wanted.kind == "equals" and wanted.value == "" and not wanted.path


def present(step: Step) -> list[Expectation]:
    """The expectations of what must be there."""
    return [wanted for wanted in step.expect if wanted.kind in ("contains", "matches", "equals")]


def texts(step: Step) -> list[str]:
    """The texts and patterns that must be there."""
    return [wanted.value for wanted in present(step) if isinstance(wanted.value, str)]


def shows_presence(step: Step) -> bool:
    """Whether something must be in a step's output, and that is not that no answer came."""
    trivial = all(is_id(wanted) or is_empty(wanted) for wanted in present(step))
    return not trivial and not is_negative(step)


def expects_failure(step: Step) -> bool:
    """Whether a step's expectations say that what it asked got no answer."""
    patterns = texts(step)
    status = any(wanted.kind == "exit" and wanted.value for wanted in step.expect)
    return any(FAILURE.search(plain(text)) for text in patterns) or (status and not any(patterns))


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
        wanted.kind in ("contains", "matches")
        and re.search(r"(?<!\d)0 packets captured", wanted.value)
        for wanted in step.expect
        if isinstance(wanted.value, str)
    )
    return empty or (any(targets(step.run)) and expects_failure(step))


def is_empty_answer(step: Step) -> bool:
    """Whether a step reads something, and must find nothing at all."""
    outputs = [wanted for wanted in step.expect if wanted.kind != "exit"]
    return bool(outputs) and all(map(is_empty, outputs)) and bool(READS.search(last_command(step)))


def last_command(step: Step) -> str:
    """The last simple command of a step, whose output is what comes."""
    simple = commands(step.run)
    return " ".join(word.text for word in simple[-1]) if simple else ""


def hint(step: Step) -> str:
    """The target that a fitting control names, in words for a message."""
    asked = [f"{target.host} {target.port}".strip() for target in targets(step.run)]
    return f"one that asks {' and '.join(asked)}, " if asked else ""


def fits(step: Step, control: Step) -> bool:
    """Whether a control shows that the question of a step was right."""
    if control.run == step.run or reads_trace(control):
        return True
    aims = list(targets(step.run))
    if not aims:
        return question(step) == question(control)
    return all(names_target(control.run, aim) or prints_target(control, aim) for aim in aims)


def reads_trace(step: Step) -> bool:
    """Whether a step reads what packets leave behind; of nftables' rules, their counters."""
    counted = any("packets" in expectation.text for expectation in step.expect)
    return bool(COUNTER.search(step.run)) or (counted and bool(NFT.search(step.run)))


def names_target(run: str, target: Target) -> bool:
    """Whether a command names the same address or name, and the same port."""
    if aims := list(targets(run)):
        return any(aim.host == target.host and target.port in ("", aim.port) for aim in aims)
    return mentions(run, target)


def prints_target(step: Step, target: Target) -> bool:
    """Whether an output must name an address or name, and its port: a log, a list."""
    return any(mentions(plain(text), target) for text in texts(step))


def mentions(text: str, target: Target) -> bool:
    """Whether a text holds an address or a name, and its port, as words of their own."""
    together = target.port and re.search(
        rf"(?<![\w.:])\[?{re.escape(target.host)}\]?[.:]{re.escape(target.port)}\b", text
    )
    parts = filter(None, (target.host, target.port))
    return bool(together) or all(re.search(word_pattern(part), text) for part in parts)


def word_pattern(part: str) -> str:
    """The pattern of an address, a name or a port that is not part of a longer one."""
    edge = r"[\w:]" if ":" in part else r"\w"
    return rf"(?<!{edge})(?<!\w\.){re.escape(part)}(?!{edge}|\.\w)"


def question(step: Step) -> tuple[str, ...]:
    """What a step asks, without of what: its program and the next words that are no options."""
    words = [word for word in last_command(step).split() if not word.startswith("-")]
    return tuple(
        words[:2] if words and words[0] in ("docker", "ip", "bridge", "nft") else words[:1]
    )
