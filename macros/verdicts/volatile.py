"""The rules that know what of an output will be another next time. Data; knows no transcript.

Each rule is as tight as the pieces it is about: addresses that are pinned, published ports,
sizes and exit codes are what pages are about, and no rule may touch them. And each is linear: a
run of characters is looked at from its start alone, and once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of volatile piece: what the group ``v`` of a pattern matches, or all it matches."""

    name: str
    """Also the key of what a reader is told of such a piece."""
    patterns: tuple[re.Pattern[str], ...]
    command: re.Pattern[str] | None = None
    """Where given, the rule is only for outputs of commands that this is found in."""


def rule(name: str, *patterns: str, command: str = "") -> Rule:
    """A rule from its patterns, in which ^ and $ are ends of lines."""
    compiled = tuple(re.compile(pattern, re.MULTILINE) for pattern in patterns)
    return Rule(name, compiled, re.compile(command) if command else None)


DRAWN = r"(?:3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|[45]\d{4}|60\d{3})(?![\d.])"
"""A port from Linux' range for connections, 32768 to 60999, which Docker draws from too."""
COUNT = r"\d+[KMGT]?"
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
AGE = (
    r"(?:Less than a second|About an? (?:minute|hour)"
    r"|\d+ (?:second|minute|hour|day|week|month|year)s?)"
)
FROM_IP = r"02:42:(?:ac:1|c0:a8|0a:00)"
"""MAC addresses that engines before 28 derive from the container's address."""
PINNED = rf"02:00:5e|00:00:00:00:00:00|{FROM_IP}"

RULES = (
    rule("swarm_token", r"SWMTKN-1-(?P<v>[0-9a-z]{50}-[0-9a-z]{25})\b"),
    rule("image_id", r"sha256:(?P<v>[0-9a-f]{12,64})\b"),
    rule("bridge", r"\bbr-[0-9a-f]{12}\b"),
    rule("veth", r"\bveth[0-9a-f]{7}\b", r"\b(?:vx|ov)-[0-9a-f]{6}-[0-9a-z]{5}\b"),
    rule("sandbox", r"/netns/(?P<v>(?!default\b|ingress_sbox\b)[0-9a-z_-]{10,})"),
    rule("id",
        r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
        r"\b[A-Z2-7]{4}(?::[A-Z2-7]{4}){11}\b",
        r"\b[0-9a-f]{64}\b",
        r"\b(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{25}\b",
        r"\b(?=[a-f]*\d)[0-9a-f]{12}\b",
        r"^(?:[0-9a-z]{25}|[0-9a-f]{12})$",
        r"\bcurrent node \((?P<v>[0-9a-z]{25})\)"),
    rule("id", r"^[0-9a-z]{12}(?= {2,}\S)",
        command=r"\bdocker (?:-\S+ \S+ )*(?:ps|images|\w+ (?:ls|ps))\b"),
    rule("mac",
        rf"(?<![:.0-9a-f])(?!{PINNED})[0-9a-f][02468ace](?::[0-9a-f]{{2}}){{5}}(?!:?[0-9a-f])",
        r"(?<![:0-9a-f])33:33:ff:(?P<v>(?!00:(?:53|00):)[0-9a-f]{2}(?::[0-9a-f]{2}){2})(?!:?[0-9a-f])",
        r"\b8000\.(?P<v>[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5})(?!:?[0-9a-f])"),
    rule("link_local",
        r"(?<![:0-9a-f])fe80::(?P<v>(?!5eff:fe00:53|42:(?:ac|c0|a)ff:)"
        r"(?:[0-9a-f]{1,4}:)?[0-9a-f]{0,2}ff:fe[0-9a-f]{2}:[0-9a-f]{1,4})\b",
        r"(?<![:0-9a-f])ff02::1:(?P<v>(?!ff00:(?:53)?[0-9a-f]{1,2}\b)ff[0-9a-f]{2}:[0-9a-f]{1,4})\b"),
    rule("ula", r"(?<![:0-9a-f])(?P<v>fd(?!00)[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}"
        r"(?::[0-9a-f]{1,4})?):"),
    rule("time",
        r"\b(?!0001-)\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?(?: UTC)?",
        rf"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +)?{MONTH} +\d\d? \d\d:\d\d(?::\d\d)?"
        r"(?: [AP]M)?(?: UTC)?(?: \d{4})?\b",
        rf"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d {MONTH} \d{{4}} \d\d:\d\d:\d\d GMT\b",
        r"^\d\d:\d\d:\d\d\.\d{6}\b",
        rf"\[(?P<v>\d\d/{MONTH}/\d{{4}}[ :]\d\d:\d\d:\d\d)\b",
        r"^ *(?P<v>\d\d:\d\d:\d\d up .*)$"),
    rule("age", rf"\b{AGE} ago\b", rf"\bUp (?P<v>{AGE})\b"),
    rule("duration",
        r"\btime[=<](?P<v>[\d.]+)(?= ms\b)",
        r"\b(?:min/avg/max(?:/mdev)?) = (?P<v>[\d./]+)(?= ms\b)",
        r"(?<![\d.])(?P<v>\d+\.\d+)(?=ms\b)",
        r"\bloss, time (?P<v>\d+)(?=ms\b)",
        r"^pipe (?P<v>\d+)$",
        r"^curl: .* after (?P<v>\d+)(?= ms\b)",
        r"\btimed out after (?P<v>\d+)(?= milliseconds\b)",
        r"\btime_\w+[=:] ?(?P<v>[\d.]+)",
        r"^(?:real|user|sys)\s+(?P<v>\d+m[\d.]+s)$",
        r"^;; Query time: (?P<v>\d+)(?= msec)",
        r'\b\w+_timer"?:? *(?P<v>\d[\d.]*)',
        r"(?:_lft|\bexpires) (?P<v>\d+)(?=sec\b)",
        r"^ *(?:ipv[46] +\d+ )?(?:\[\w+\] )?(?:tcp|udp|icmp|icmpv6|sctp|unknown) +\d+ (?P<v>\d+) "),
    rule("duration", r"\b\d+\.\d{6}\b", command=r"%\{time_\w+\}"),
    rule("counter",
        r"^ *[\w.-]+: +(?P<v>\d+(?: +\d+){15})$",
        r"^ +[RT]X: +bytes.*\n +(?P<v>\d[ \d]*\d)",
        rf"^ *(?:\d+ +)?(?P<v>{COUNT} +{COUNT})(?= +(?:[A-Za-z][\w-]* +)?"
        r"(?:(?:\d+|[a-z][a-z6-]+) +(?:--|-f|!f)|(?:all|tcp|udp|icmpv6|ipv6-icmp)) +\S+ +\S+ +\S)",
        rf"^Chain \S+ \(policy \w+ (?P<v>{COUNT} packets, {COUNT} bytes)\)",
        r"^:\S+ \S+ \[(?P<v>\d+:\d+)\]",
        r"^\[(?P<v>\d+:\d+)\] -A",
        r"^-[APN] .* -c (?P<v>\d+ \d+)",
        r"\bcounter packets (?P<v>\d+ bytes \d+)",
        r"\bpackets=(?P<v>\d+ bytes=\d+)",
        r'"(?:packets|bytes)": ?(?P<v>\d+)',
        r"^(?P<v>[1-9]\d*)(?= packets? captured$)",
        r"^(?P<v>\d+)(?= packets? (?:received by filter|dropped by kernel))"),
    rule("ifindex",
        r"^(?:Deleted )?(?P<v>(?!1: lo)\d+)(?=: [\w.-]+(?:@[\w.-]+)?(?:: <| +inet6? ))",
        r"@if(?P<v>\d+)\b",
        r'"(?:ifindex|link_index|link_netnsid)": ?(?P<v>\d+)',
        r"\b(?:link-netnsid|nsid) (?P<v>\d+)\b"),
    rule("ifindex", r"^\d+$", command=r"\b(?:ifindex|iflink)\b"),
    rule("inode",
        r"\b(?:net|mnt|uts|ipc|pid|user|cgroup|time):\[(?P<v>\d+)\]",
        r"\b40265\d{5}\b"),
    rule("inode", r"^\d+$", command=r"\b(?:stat|ls -\w*i)\b.*/ns/"),
    rule("port",
        rf"(?<=[\d\]:*]:){DRAWN}",
        rf"(?<=[0-9a-f]\.){DRAWN}(?= >|: )",
        rf"\b(?:[sd]port|[sd]pt|[sd]ports|port|to-ports)[ =:](?P<v>{DRAWN})",
        rf"--to-(?:source|destination) :(?P<v>{DRAWN})",
        rf'"HostPort": ?"(?P<v>{DRAWN})"',
        rf"(?<=[\d\]] ){DRAWN}(?= received)",
        rf"\breceived on \S+ (?P<v>{DRAWN})"),
    rule("sequence",
        r"\bseq (?P<v>\d{5,}(?::\d+)?)",
        r"\back (?P<v>\d{5,})",
        r"\bwin (?P<v>\d+)",
        r"\bTS val (?P<v>\d+ ecr \d+)",
        r"\bwscale (?P<v>\d+)",
        r"\bid (?P<v>\d+)(?=, (?:seq|offset) )",
        r"\bflowlabel (?P<v>0x[0-9a-f]+)",
        r": (?P<v>\d+)(?=[*+%|-]* (?:\[\w+\] )?(?:[A-Z]+\? |\d+/\d+/\d+|NXDomain|ServFail))",
        r"\bstatus: \w+, id: (?P<v>\d+)$",
        r"\bcksum (?P<v>0x[0-9a-f]{1,4})",
        r"\(incorrect -> (?P<v>0x[0-9a-f]{1,4})\)",
        r"\bcode=\d+ id=(?P<v>\d+)",
        r"\buse=(?P<v>\d+)\b"),
    rule("state", r"\blladdr \S+ (?:router )?(?P<v>REACHABLE|STALE|DELAY|PROBE)\b"),
    # a peer that closes before it has answered: whether the client sees that or its own
    # request refused is decided by which of the two packets is first
    rule("closing",
        r"^curl: \((?P<v>56\) Recv failure: Connection reset by peer)$",
        r"^curl: \((?P<v>52\) Empty reply from server)$"),
    rule("pid",
        r'"Pid": ?(?P<v>[1-9]\d*)',
        r"\bpid[=: ](?P<v>\d+)",
        r"\bfd=(?P<v>\d+)",
        r"^ *\d{10} (?:net|mnt|uts|ipc|pid|user|cgroup|time) +\d+ +(?P<v>(?!1 )\d+)(?= )",
        r"/proc/(?P<v>(?!1/)\d+)/"),
    rule("pid",
        r"(?:^|(?<= ))\d+$",
        r"^\d+(?= )",
        command=r"^(?!.*\$\().*(?:\.State\.Pid|pgrep|pidof)\b"),
    rule("pid", r"(?<= )\d{2,}(?= +[a-z/])", command=r"\blsns\b"),
    rule("counter", r"^(?:tcp +LISTEN|udp +UNCONN) +(?P<v>\d+)", command=r"\bss\b"),
    rule("counter", r"^\w+ +(?P<v>[1-9]\d*)(?= +\d+\.\d$)", command=r"\bnstat\b"),
    rule("machine",
        r"(?<![\d.])(?P<v>[\d.]++[KMG]i?B)(?= / )",
        r"^ *(?:Total Memory|CPUs|Kernel Version): (?P<v>.+)$",
        r"\bnum[tr]xqueues (?P<v>\d+)"),
)  # fmt: skip
"""Ids before what they are part of: where two rules claim a piece, the first has it."""
