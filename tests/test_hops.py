"""A packet's way, read from what was printed: headers, what changed, what did it, where it ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from macros.diagrams.hops import Hop, captured, hops
from macros.model import Held, StepReport
from macros.pages.figure import figure, path
from macros.topology import lines

from .pages_project import EN, report, step
from .surveyed_hosts import network

FRAME = "02:00:5e:00:53:01 > 02:00:5e:00:53:0b, ethertype IPv4 (0x0800), length 74: "
MORE = "(tos 0x0, ttl 64, id 4711, offset 0, flags [DF], proto TCP (6), length 60)\n"
OUT = f"{FRAME}{MORE}    198.51.100.1.40000 > 198.51.100.11.8080: tcp 0\n1 packet captured\n"
NOTHING = "listening on docker0, link-type EN10MB (Ethernet)\n0 packets captured\n"
NAT = """\
Chain DOCKER (2 references)
 pkts bytes target     prot opt in     out     source               destination
    0     0 RETURN     all  --  docker0 *       0.0.0.0/0            0.0.0.0/0
   1K  60K DNAT       tcp  --  !docker0 *       0.0.0.0/0            0.0.0.0/0     tcp dpt:8080
"""
DROPPED = """\
Chain FORWARD (policy DROP 3 packets, 180 bytes)
 pkts bytes target     prot opt in     out     source               destination
    3   180 DOCKER-USER  all  --  *      *       0.0.0.0/0            0.0.0.0/0

Chain DOCKER-USER (1 references)
 pkts bytes target     prot opt in     out     source               destination
    0     0 RETURN     all  --  *      *       0.0.0.0/0            0.0.0.0/0
"""


def seen(interface: str, output: str, on: str = "h1") -> StepReport:
    return replace(step(f"at-{interface}", f"tcpdump -ntve -i {interface}", output), on=on)


def headers(hop: Hop | None) -> dict[str, str]:
    assert hop
    return {field.kind: field.value for field in hop.fields}


def test_all_headers_are_read_that_were_printed() -> None:
    hop = captured(seen("eth0", OUT))
    assert headers(hop) == {
        "source": "198.51.100.1:40000", "target": "198.51.100.11:8080",
        "mac_from": "02:00:5e:00:53:01", "mac_to": "02:00:5e:00:53:0b", "ttl": "64", "id": "4711",
    }  # fmt: skip
    assert hop
    assert hop.packet == OUT.partition("\n1 packet")[0]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("12:01:02.123456 IP 10.0.0.1 > 10.0.0.2: ICMP echo request", ("10.0.0.1", "10.0.0.2")),
        (
            "IP6 (hlim 63, next-header TCP (6)) fd00::2.40000 > fd00::1.80: tcp 0",
            ("[fd00::2]:40000", "[fd00::1]:80"),
        ),
        ("IP6 fe80::1 > ff02::1: ICMP6, router advertisement", ("fe80::1", "ff02::1")),
    ],
)
def test_other_forms_of_a_line_are_read(line: str, told: tuple[str, str]) -> None:
    assert tuple(headers(captured(seen("eth0", f"{line}\n"))).values())[:2] == told


def test_what_changed_is_told_with_what_it_was_and_what_did_it() -> None:
    inside = OUT.replace("198.51.100.11.8080", "172.17.0.2.80").replace("ttl 64", "ttl 63")
    first, second = hops(
        [
            seen("eth0", OUT),
            step("nat", "iptables -t nat -nvL DOCKER", NAT),
            seen("docker0", inside),
        ]
    )
    assert [field.was for field in first.fields] == [""] * 6
    changed = {one.kind: (one.was, one.value) for one in second.fields if one.was}
    assert changed == {"target": ("198.51.100.11:8080", "172.17.0.2:80"), "ttl": ("64", "63")}
    [rule] = second.asked[0].rules
    assert (rule.chain, rule.packets) == ("nat DOCKER", "1K")
    assert rule.text == "DNAT tcp -- !docker0 * 0.0.0.0/0 0.0.0.0/0 tcp dpt:8080"


def test_a_way_ends_where_a_capture_caught_nothing_and_the_policy_did_it() -> None:
    way = hops(
        [
            seen("eth0", OUT),
            step("forward", "iptables -vnL", DROPPED),
            seen("docker0", NOTHING),
            seen("veth0528bf8", NOTHING),
        ]
    )
    assert [(hop.at, hop.lost) for hop in way] == [("h1:eth0", False), ("h1:docker0", True)]
    [rule] = way[1].asked[0].rules
    assert (rule.text, rule.chain, rule.packets, rule.policy) == (
        "DROP", "filter FORWARD", "3", True,
    )  # fmt: skip


@pytest.mark.parametrize("ends", [("lo", "eth0"), ("eth0", "lo")])
def test_from_a_loopback_and_to_it_no_packet_goes_on_so_that_nothing_of_it_changed(
    ends: tuple[str, str],
) -> None:
    outside = OUT.replace("198.51.100.1.40000", "198.51.100.11.50000")
    third = OUT.replace("ttl 64", "ttl 63")
    first, second, last = hops(
        [seen(ends[0], OUT, "h1/web"), seen(ends[1], outside), seen("docker0", third)]
    )
    assert [hop.anew for hop in (first, second)] == [False, True]
    assert not [field for field in second.fields if field.was]
    assert last.anew == (ends[1] == "lo")
    assert bool([field for field in last.fields if field.was]) != last.anew


def test_what_did_not_come_behind_a_loopback_is_lost_and_no_other_packet() -> None:
    [_, lost] = hops([seen("lo", OUT, "h1/web"), seen("eth0", NOTHING)])
    assert (lost.lost, lost.anew) == (True, False)


def test_of_another_step_the_lines_are_told_that_were_expected() -> None:
    output = "192.0.2.1 dev lo\nnet.ipv4.ip_forward = 0\n"
    at = output.index("net")
    held = Held("contains", "ip_forward", 7, holds=True, rests=(at, at + 5))
    sysctl = replace(step("decide", "sysctl -a", output), held=(held,))
    bare = replace(step("route", "ip route get 1", output), held=())
    lost = hops([seen("eth0", OUT), sysctl, bare, seen("docker0", NOTHING)])[1]
    assert [asked.rules[0].text for asked in lost.asked] == [
        "net.ipv4.ip_forward = 0",
        "192.0.2.1 dev lo",
    ]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([seen("docker0", NOTHING)], "none was seen before it"),
        ([seen("eth0", OUT), seen("docker0", NOTHING), seen("veth1", OUT)], "where it was not"),
        ([seen("eth0", OUT), step("nat", "iptables -vnL", NAT)], "behind the last capture"),
        ([step("nat", "iptables -vnL", NAT)], "no capture"),
        ([seen("eth0", OUT), step("quiet", "true"), seen("docker0", OUT)], "says nothing"),
        ([seen("eth0", "")], "shows no packet"),
    ],
)
def test_a_way_that_cannot_be_told_is_a_mistake(steps: list[StepReport], told: str) -> None:
    with pytest.raises(LookupError, match=told):
        hops(steps)


def test_the_picture_of_a_lost_packet_ends_before_the_hop_it_did_not_reach() -> None:
    after = replace(step("run", "docker run"), topology=lines(network("bridge-after")))
    steps = [after, seen("lan", OUT, "lan"), seen("eth0", OUT), seen("docker0", NOTHING)]
    drawn = figure(path, report("bridge", *steps), steps, EN)
    assert drawn.count('class="hop lost"') == 1
    assert 'class="way lost' in drawn
    assert EN.frames.lost in drawn
    assert drawn.count("<li") - drawn.count('<li class="now"') >= 2  # two more frames


def test_a_way_that_cannot_be_drawn_is_told_by_the_check_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from macros.pages import drawable

    from . import pages_project

    root = pages_project.make(tmp_path)
    page = root / "docs/en/index.md"
    text = page.read_text("utf-8") + '\n{{{ path("bridge", "run", "docker0", "brief") }}}\n'
    page.write_text(text, "utf-8")
    topology = lines(network("bridge-after"))
    bridge = pages_project.BRIDGE
    known = replace(bridge, steps=tuple(replace(one, topology=topology) for one in bridge.steps))
    [mistake] = drawable.mistakes(root, {"bridge": known})
    line = text.splitlines().index('{{{ path("bridge", "run", "docker0", "brief") }}}') + 1
    assert str(mistake).startswith(f"docs/en/index.md:{line}: no capture")
