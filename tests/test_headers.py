"""The headers of a packet, read from what hosts really printed; lengths that do not add up."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from macros.diagrams.description import Item
from macros.diagrams.headers import carried, headers
from macros.model import StepReport, Verdict
from macros.pages.calls import render
from macros.pages.figure import figure
from macros.pages.headers import nested, told
from macros.pages.macros import Showing
from macros.pages.source import parse

from .pages_project import EN, NASTY, ZH, report, step

WIRE = """\
listening on lan, link-type EN10MB (Ethernet), snapshot length 262144 bytes
03:10:34.483251 02:00:5e:00:53:0c > 02:00:5e:00:53:0b, ethertype IPv4 (0x0800), length 148: \
198.51.100.12.58231 > 198.51.100.11.4789: VXLAN, flags [I] (0x08), vni 4097
02:42:0a:4d:00:14 > 02:42:0a:4d:00:0a, ethertype IPv4 (0x0800), length 98: \
10.77.0.20 > 10.77.0.10: ICMP echo request, id 13, seq 0, length 64
2 packets captured
"""
FULL = """\
03:10:34.591161 02:00:5e:00:53:0c > 02:00:5e:00:53:0b, ethertype IPv4 (0x0800), length 1514: \
(tos 0x0, ttl 64, id 64211, offset 0, flags [none], proto UDP (17), length 1500)
    198.51.100.12.58231 > 198.51.100.11.4789: VXLAN, flags [I] (0x08), vni 4097
02:42:0a:4d:00:14 > 02:42:0a:4d:00:0a, ethertype IPv4 (0x0800), length 1464: \
(tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto ICMP (1), length 1450)
    10.77.0.20 > 10.77.0.10: ICMP echo request, id 436, seq 1, length 1430
"""
ECHO = WIRE[WIRE.index("02:42") :]
UNFRAMED = re.sub(r"(?m)^.*ethertype IPv4.*?length \d+: ", "IP ", FULL)
FITS = """\
PING 198.51.100.1 (198.51.100.1) 1472(1500) bytes of data.
1480 bytes from 198.51.100.1: icmp_seq=1 ttl=63 time=0.135 ms
"""
HOLE = """\
e2:5a:f0:aa:71:a7 > fe:42:b9:6f:67:e7, ethertype IPv4 (0x0800), length 1514: \
172.17.0.2.80 > 203.0.113.2.44012: Flags [.], seq 0:1448, ack 1, win 64, \
options [nop,nop,TS val 3013882038 ecr 806578335], length 1448: HTTP
"""
SIX = """\
IP6 (flowlabel 0x4b1c6, hlim 64, next-header TCP (6) payload length: 40) \
2001:db8:6::2.55324 > 2001:db8:6::1.9: Flags [S], cksum 0x5d31 (correct), seq 2823603075, \
win 64800, options [mss 1440,sackOK,TS val 758362908 ecr 0,nop,wscale 10], length 0
"""
UDP = "IP (tos 0x0, proto UDP (17), length 33)\n    10.0.0.1.4 > 10.0.0.2.5: UDP, length 5\n"


def shown(output: str, id: str = "frame") -> StepReport:
    return step(id, "tcpdump -nev -i lan", output)


def sizes(output: str) -> list[tuple[str, int, int]]:
    return [(one.kind, one.size, one.whole) for one in headers(shown(output))]


def in_lines(items: tuple[Item, ...], depth: int = 0) -> list[str]:
    return [
        line for one in items for line in (" " * depth + one.text, *in_lines(one.below, depth + 1))
    ]


def test_a_vxlan_frame_has_the_containers_frame_in_it() -> None:
    assert sizes(WIRE) == [
        ("Ethernet", 14, 148), ("IPv4", 20, 134), ("UDP", 8, 114), ("VXLAN", 8, 106),
        ("Ethernet", 14, 98), ("IPv4", 20, 84), ("ICMP", 8, 64), ("data", 56, 56),
    ]  # fmt: skip
    found = headers(shown(WIRE))
    assert [one.facts for one in found] == [
        ("02:00:5e:00:53:0c > 02:00:5e:00:53:0b",), ("198.51.100.12 > 198.51.100.11",),
        ("58231 > 4789",), ("vni 4097",), ("02:42:0a:4d:00:14 > 02:42:0a:4d:00:0a",),
        ("10.77.0.20 > 10.77.0.10",), ("echo request, id 13, seq 0",), (),
    ]  # fmt: skip
    assert [one.kind for one in found if one.inner] == ["Ethernet", "IPv4"]


def test_what_is_around_the_inner_ip_packet_is_what_its_mtu_has_less() -> None:
    it = carried(headers(shown(FULL)))
    assert it
    assert [one.kind for one in it.around] == ["IPv4", "UDP", "VXLAN", "Ethernet"]
    assert (it.outer, it.inner) == (1500, 1450)
    assert it.outer - it.inner == sum(one.size for one in it.around)
    assert carried(headers(shown(HOLE))) is None


def test_a_capture_without_frames_begins_with_ip_and_has_an_inner_frame_all_the_same() -> None:
    assert sizes(UNFRAMED) == sizes(FULL)[1:]
    assert headers(shown(UNFRAMED))[3].facts == ()


@pytest.mark.parametrize(
    ("output", "found"),
    [
        (FITS, [("IPv4", 20, 1500), ("ICMP", 8, 1480), ("data", 1472, 1472)]),
        (
            HOLE,
            [("Ethernet", 14, 1514), ("IPv4", 20, 1500), ("TCP", 32, 1480), ("data", 1448, 1448)],
        ),
        (SIX, [("IPv6", 40, 80), ("TCP", 40, 40), ("data", 0, 0)]),
        (UDP, [("IPv4", 20, 33), ("UDP", 8, 13), ("data", 5, 5)]),
    ],
)
def test_the_bytes_of_a_packet_are_told_header_by_header(
    output: str, found: list[tuple[str, int, int]]
) -> None:
    assert sizes(output) == found


@pytest.mark.parametrize(
    ("output", "old", "new", "told"),
    [
        (WIRE, "length 148", "length 149", "VXLAN 8 [+] 98 .* are 148, and not the 149"),
        (WIRE, "length 98", "length 94", "are 144, and not the 148"),
        (WIRE, "length 64", "length 60", "IPv4 20 [+] 60 .* are 144, and not the 148"),
        (FULL, "length 1500", "length 1501", 'step "frame".*Ethernet 14 [+] 1501'),
        (FULL, "length 1464", "length 1468", "not the 1514"),
        (FITS, "1480 bytes from", "1479 bytes from", "IPv4 20 [+] 1479"),
        (FITS, "1472(1500)", "1473(1500)", "ICMP 8 [+] 1473"),
        (HOLE, "options [nop,nop,TS val 3013882038 ecr 806578335], ", "", "TCP 20 [+] 1448"),
        (HOLE, "nop,nop,TS", "mss 1460,nop,nop,TS", "TCP 36 [+] 1448"),
        (UDP, "length 33", "length 32", "are 33, and not the 32"),
        (ECHO.replace("98", "38"), "length 64", "length 4", "the headers alone have 42 bytes"),
    ],
)
def test_lengths_that_do_not_add_up_are_refused(output: str, old: str, new: str, told: str) -> None:
    assert old in output
    with pytest.raises(LookupError, match=told):
        headers(shown(output.replace(old, new)))


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("", "shows no packet"),
        ("IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 1, length 64\n", "too few lengths"),
        (FITS.partition("\n")[0].replace("1472(1500)", "56"), "shows no packet"),
        (UDP.replace("UDP, length 5", "12345+ A? web. (21)"), "no header behind IP"),
        (WIRE.partition("02:42")[0], "does not show the packet that is in VXLAN"),
        (HOLE.replace("TS val", "mptcp val"), "TCP option that is not known: mptcp"),
        (WIRE.replace("length 148", "length 20").replace(", length 64", ""), "no header behind"),
    ],
)
def test_what_cannot_be_drawn_is_told(output: str, told: str) -> None:
    with pytest.raises(LookupError, match=told):
        headers(shown(output))


def test_the_same_stands_in_words() -> None:
    assert in_lines(told([shown(FULL)], EN)) == [
        "tcpdump -nev -i lan",
        " Ethernet: 14 bytes, 1514 with what is in it; 02:00:5e:00:53:0c > 02:00:5e:00:53:0b",
        "  IPv4: 20 bytes, 1500 with what is in it; 198.51.100.12 > 198.51.100.11",
        "   UDP: 8 bytes, 1480 with what is in it; 58231 > 4789",
        "    VXLAN: 8 bytes, 1472 with what is in it; vni 4097",
        "     inner Ethernet: 14 bytes, 1464 with what is in it; "
        "02:42:0a:4d:00:14 > 02:42:0a:4d:00:0a",
        "      inner IPv4: 20 bytes, 1450 with what is in it; 10.77.0.20 > 10.77.0.10",
        "       ICMP: 8 bytes, 1430 with what is in it; echo request, id 436, seq 1",
        "        data: 1422 bytes",
        " 20 + 8 + 8 + 14 = 50 bytes around the inner IP packet: 1500 − 50 = 1450",
    ]


def test_packets_stand_beside_each_other_with_what_an_mtu_counts_marked() -> None:
    both = shown(WIRE), shown(FITS, "fits")
    page = parse("docs/en/x.md", '{{{ headers("bridge", "frame", "fits") }}}\n')
    drawn = render(page, Showing({"bridge": report("bridge", *both)}, EN))
    assert 'id="headers-bridge-frame"' in drawn
    assert drawn.count('class="packet"') == 2
    assert len(re.findall('class="header counted', drawn)) == 3
    assert len(re.findall('class="header[^"]* taken"', drawn)) == 4
    assert "134 − 50 = 84" in drawn
    assert "\n" not in drawn.strip()
    assert ZH.diagram.mtu in figure(nested, report("bridge", *both), both, ZH)


def test_what_a_packet_says_is_text() -> None:
    it = shown(WIRE.replace("echo request", NASTY.splitlines()[0]))
    drawn = figure(nested, report("bridge", it), [it], EN)
    assert drawn.count("&#60;script&#62;alert(1)&#60;/script&#62;") == 2
    assert "<script" not in drawn
    assert "</figure>" not in drawn.removesuffix("</figure>")


def test_a_step_that_did_not_run_leaves_them_undrawn() -> None:
    it = replace(shown(""), verdict=Verdict.SKIPPED)
    assert EN.diagram.missing in figure(nested, report("bridge", it), [it], EN)


def test_every_class_has_a_look() -> None:
    it = shown(WIRE)
    css = (Path(__file__).parents[1] / "docs/theme/assets/headers.css").read_text("utf-8")
    drawn = figure(nested, report("bridge", it), [it], EN).partition("<figcaption")[0]
    own = {"nested", "packet", "from", "header", "counted", "taken", "size", "whole", "sum"}
    own |= {"limit"}
    assert own <= set(re.findall(r"\w+", " ".join(re.findall('class="([^"]+)"', drawn))))
    assert all(f".{kind}" in css for kind in own)
