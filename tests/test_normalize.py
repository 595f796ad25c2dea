"""Volatile pieces of real outputs are found, and nothing that a page could claim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from macros.limit import limited
from macros.model import Span
from macros.verdicts.normalize import normalize, spans
from macros.verdicts.transcript import read
from macros.verdicts.volatile import RULES, Rule, table

PRINTED = Path(__file__).parent / "printed"
ENGINES = ("28", "20")


def printed(name: str) -> Iterator[tuple[str, str]]:
    """(command, output) of each command of a session on a host, as kept in tests/printed."""
    text = (PRINTED / f"engine-{name}.txt").read_text()
    for part in re.split(r"^\[h1\]\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


@pytest.mark.parametrize("engine", ENGINES)
def test_two_runs_of_the_same_commands_have_one_normal_form(engine: str) -> None:
    for (command, first), (_, again) in zip(
        printed(engine), printed(f"{engine}-again"), strict=True
    ):
        assert normalize(first, command) == normalize(again, command), command


@pytest.mark.parametrize("engine", ENGINES)
def test_the_normal_form_is_the_one_a_person_has_read(engine: str) -> None:
    for (command, output), (_, golden) in zip(
        printed(engine), printed(f"{engine}-normal"), strict=True
    ):
        assert normalize(output, command) == golden, command


@pytest.mark.parametrize("engine", ENGINES)
def test_normalizing_twice_is_normalizing_once(engine: str) -> None:
    for command, output in printed(engine):
        once = normalize(output, command)
        assert normalize(once, command) == once, command


@pytest.mark.parametrize("engine", ENGINES)
def test_spans_are_in_order_apart_and_on_one_line(engine: str) -> None:
    for command, output in printed(engine):
        end = 0
        for span in spans(output, command):
            assert end <= span.start < span.end
            assert "\n" not in output[span.start : span.end]
            end = span.end


@pytest.mark.parametrize(
    "text",
    [
        "inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0",
        "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000",
        "    link/ether 02:00:5e:00:53:0b brd ff:ff:ff:ff:ff:ff",
        "    link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff",
        "33:33:00:00:00:01 dev docker0 self permanent",
        "33:33:ff:00:53:0b dev docker0 self permanent",
        "01:80:c2:00:00:00 dev docker0 self permanent",
        "    inet6 fe80::5eff:fe00:530b/64 scope link",
        "    inet6 fe80::42:acff:fe11:2/64 scope link",
        "    inet6 fe80::1/64 scope link nodad",
        "    inet6 fd00:1:2::1/64 scope global nodad",
        "    inet6 2001:db8:26::10/64 scope global",
        "172.17.0.2 > 198.51.100.1: ICMP echo reply, length 64",
        "2 packets transmitted, 2 received, 0% packet loss",
        "64 bytes from 10.77.0.10: seq=0 ttl=64",
        "net.ipv4.ip_forward = 1",
        "404",
        "0 packets captured",
        "0.0.0.0:8080->80/tcp",
        '"FinishedAt": "0001-01-01T00:00:00Z"',
        '"Pid": 0,',
        "options [mss 1460,sackOK]",
        "vxlan id 4097 srcport 0 0 dstport 4789",
        "docker network create abcdefabcdef busybox:latest containerd",
        "Flags [P.], seq 1:75, ack 75, length 74",
        "conntrack v1.4.8 (conntrack-tools): 2 flow entries have been shown.",
    ],
)
def test_what_a_page_can_claim_is_left_alone(text: str) -> None:
    assert spans(text) == ()


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("docker swarm join --token SWMTKN-1-" + "3dw0l" * 10 + "-" + "c40kl" * 5,
         "docker swarm join --token SWMTKN-1-[SWARM_TOKEN]"),
        ('"Image": "sha256:' + "be71" * 16 + '"', '"Image": "sha256:[IMAGE_ID]"'),
        ("iglq3p1d2kand0sjbrfjmm7r3 *   h1", "[ID] *   h1"),
        ("vx-001001-iglq3: <UP>", "[VETH]: <UP>"),
        ("inet6 fd8c:a0d2:9f1b:1::1/64", "inet6 [ULA]::1/64"),
        ("> ff02::1:ff1d:78f3: ICMP6, neighbor solicitation",
         "> ff02::1:[LINK_LOCAL]: ICMP6, neighbor solicitation"),
        ("Up About a minute   0.0.0.0:49153->80/tcp", "Up [AGE] 0.0.0.0:[PORT]->80/tcp"),
        ("    [NEW] udp      17 30 src=172.17.0.2 dst=172.17.0.1 sport=45678 dport=53",
         "    [NEW] udp      17 [DURATION] src=172.17.0.2 dst=172.17.0.1 sport=[PORT] dport=53"),
        ("tcp      6 431999 ESTABLISHED src=172.17.0.2 [ASSURED] mark=0 use=1",
         "tcp      6 [DURATION] ESTABLISHED src=172.17.0.2 [ASSURED] mark=0 use=[SEQUENCE]"),
        ("172.17.0.2 dev docker0 lladdr ce:35:ff:ce:50:4b REACHABLE",
         "172.17.0.2 dev docker0 lladdr [MAC] [STATE]"),
        ("172.18.0.2.45678 > 127.0.0.11.53: 12345+ A? web. (21)",
         "172.18.0.2.[PORT] > 127.0.0.11.53: [SEQUENCE]+ A? web. (21)"),
        ("IP 172.17.0.1 > 172.17.0.2: ICMP echo request, id 7, seq 1, length 64",
         "IP 172.17.0.1 > 172.17.0.2: ICMP echo request, id [SEQUENCE], seq 1, length 64"),
        (":FORWARD DROP [12:840]", ":FORWARD DROP [[COUNTER]]"),
        ("-A FORWARD -j DOCKER-USER -c 12 840", "-A FORWARD -j DOCKER-USER -c [COUNTER]"),
        ('{"counter": {"packets": 12, "bytes": 840}}',
         '{"counter": {"packets": [COUNTER], "bytes": [COUNTER]}}'),
        ("   12   840            all  --  *      *       0.0.0.0/0  0.0.0.0/0",
         "[COUNTER] all  --  *      *       0.0.0.0/0  0.0.0.0/0"),
        ('users:(("docker-proxy",pid=310,fd=7))', 'users:(("docker-proxy",pid=[PID],fd=[PID]))'),
    ],
)  # fmt: skip
def test_a_volatile_piece_is_named(text: str, normal: str) -> None:
    assert normalize(text) == normal
    assert normalize(normal) == normal


@pytest.mark.parametrize(
    ("rule", "row"), list(zip(RULES, table()["rule"], strict=True)),
    ids=[f"{number}-{rule.name}" for number, rule in enumerate(RULES)],
)  # fmt: skip
def test_a_rule_finds_its_example_and_leaves_what_is_much_like_it(
    rule: Rule, row: dict[str, str]
) -> None:
    before, piece, after = re.split("[«»]", row["example"])
    text, command = f"{before}{piece}{after}", row.get("printed_by", "")
    assert piece in [found[rule.group] for found in rule.pattern.finditer(text)]
    assert Span(len(before), len(before) + len(piece), rule.name) in spans(text, command)
    assert spans(row["leaves"], command) == ()
    if rule.command:
        assert rule.command.search(command)
        assert not rule.command.search("true")


def test_a_connection_closed_without_an_answer_is_reset_or_empty() -> None:
    reset = "curl: (56) Recv failure: Connection reset by peer\n"
    empty = "curl: (52) Empty reply from server\n"
    assert normalize(reset) == normalize(empty) == "curl: ([CLOSING]\n"
    refused = "curl: (7) Failed to connect to 127.0.0.1 port 8080: Connection refused\n"
    assert "[CLOSING]" not in normalize(refused)


def test_a_number_is_a_pid_where_the_command_asks_for_one() -> None:
    assert normalize("279\n", "docker inspect -f '{{.State.Pid}}' web") == "[PID]\n"
    assert normalize("279\n", "curl -s http://198.51.100.11/") == "279\n"
    inside = (
        "nsenter -t $(docker inspect -f '{{.State.Pid}}' web) -n cat /proc/sys/net/ipv4/ip_forward"
    )
    assert normalize("1\n", inside) == "1\n"


def test_the_width_of_a_table_does_not_count() -> None:
    young = "CONTAINER ID   CREATED         STATUS\n6a8b7b58c78a   3 seconds ago   Up 2 seconds\n"
    old = (
        "CONTAINER ID   CREATED              STATUS\n"
        "dc2888c41b23   About a minute ago   Up About a minute\n"
    )
    assert normalize(young) == normalize(old)


def test_how_long_curl_waited_is_volatile() -> None:
    said = "curl: (28) Connection timed out after {} milliseconds"
    assert normalize(said.format(1501)) == normalize(said.format(1500))


@pytest.mark.parametrize(
    ("command", "output", "normal"),
    [
        ("pgrep -a docker-proxy", "291 /sbin/docker-proxy", "[PID] /sbin/docker-proxy"),
        ("ls -i /run/docker/netns", "4026533339 default", "[INODE] default"),
        ("lsns -o NETNSID,PID,COMMAND", "  1 275 httpd -f", "  1 [PID] httpd -f"),
        ("nc -l 53", "Connection received on 198.51.100.1 50464", "… [PORT]"),
        ("curl x", "curl: (7) Failed to connect to x after 2 ms: no", "… [DURATION] ms: no"),
        ("nstat -az X", "TcpExtIPReversePathFilter       2      0.0", "… [COUNTER] 0.0"),
        ("nstat -az X", "TcpExtIPReversePathFilter       0      0.0", "… 0      0.0"),
        ("tcpdump", "3 packets captured", "[COUNTER] packets captured"),
        ("serve", '"[24/Nov/2026 03:33:35] GET', '"[[TIME]] GET'),
    ],
)
def test_what_other_programs_print_of_pids_ports_and_times(
    command: str, output: str, normal: str
) -> None:
    assert normalize(output, command).endswith(normal.removeprefix("…"))


def test_what_waits_in_a_sockets_queue_is_volatile() -> None:
    line = "{} {} {:<15} 0    0.0.0.0:4789    0.0.0.0:*\n"
    for kind, state in (("udp", "UNCONN"), ("tcp", "LISTEN")):
        waits, empty = (normalize(line.format(kind, state, n), "ss -Hltun") for n in (2496, 0))
        assert waits == empty
        assert ":4789" in waits


def unlucky(found: str) -> Iterator[str]:
    """An id with other characters of its alphabet: digits alone, and where it has all, letters."""
    prefix, core = found[: found.rfind("-") + 1], found[found.rfind("-") + 1 :]
    digits = "".join(str(number * 7 % 10) for number in range(len(core)))
    yield prefix + digits
    if len(core) == 25:
        yield prefix + "".join(chr(ord("a") + number * 7 % 26) for number in range(len(core)))


def test_an_id_of_digits_alone_or_of_letters_alone_is_an_id_all_the_same() -> None:
    tried = 0
    for path in sorted((Path(__file__).parents[1] / "docs/transcripts").glob("*.json")):
        for result in read(path).results:
            normal = normalize(result.output, result.command)
            found = {
                result.output[span.start : span.end]
                for span in spans(result.output, result.command)
                if span.rule in ("id", "bridge")
            }
            for whole in (piece for piece in found if len(piece.rpartition("-")[2]) in (12, 25)):
                for other in unlucky(whole):
                    changed = result.output.replace(whole, other)
                    changed = changed.replace(whole[:12], other[:12])  # its short form beside it
                    assert normalize(changed, result.command) == normal, (path.name, result.step)
                    tried += 1
    assert tried > 30


PUMPS = (
    "1", " ", "1.", "1.1.1.", "1 ", "  1", "a", "f", "A ", "A", "[", "]", "] ", "a1", "f:", "1:",
    "-", "\n", "1\n", " \n", "\t", "/", "[PORT]  ", "x 1.0 ", "tcp 1 ", "id 1", " RX: bytes",
    "received on ", "lladdr ", "a_timer", "time_a", "0x", "4026", ": 1", "1: ", "fe80::", "02:",
    "40265", "\nA A",
)  # fmt: skip
HEADS = ("", "curl: ", "Chain A (policy A ", "-A ", " RX: bytes\n ", "12:12:12 up ")
ASKS = "docker inspect -f '{{.State.Pid}}' x; ss; nstat; lsns; cat ifindex; ls -i /x/ns/; %{time_x}"


@pytest.mark.parametrize("head", HEADS)
def test_every_rule_is_linear_whatever_a_step_prints(head: str) -> None:
    """One that is not takes 80 s and more for 64 KiB, and 20 minutes for all a step may print."""
    with limited(60):
        for pump in PUMPS:
            normalize((head + pump * (64 << 10))[: 64 << 10], ASKS)


def test_all_that_a_step_may_print_is_normalized_in_its_time() -> None:
    with limited(60):
        for pump in ("1", " ", "1.1.1.", "[", "equal\n"):
            normalize((pump * (256 << 10))[: 256 << 10], ASKS)
