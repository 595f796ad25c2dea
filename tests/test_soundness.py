"""What an expectation must say, and what a step that shows an absence needs beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.errors import Mistakes
from macros.scenes import soundness
from macros.scenes.probes import targets
from macros.scenes.scene import Scene, load
from macros.scenes.shellwords import commands
from macros.scenes.yaml_lines import parse

PING = """\
  - id: lost
    run: ping -c 1 -W 1 172.17.0.2
    expect: [{exit: 1}, {contains: "100% packet loss"}]
"""
PORT = """\
  - id: shut
    run: curl -s -m 1 http://198.51.100.11:8080/
    expect: [{exit: 28}]
"""


def scene(steps: str) -> Scene:
    return Scene.model_validate(parse(f"steps:\n{steps}".encode(), "it.yml"), context="it")


def found(steps: str) -> list[tuple[int, str]]:
    return list(soundness.check(scene(steps).steps))


def step(run: str, *expect: str, more: str = "", name: str = "other") -> str:
    said = "".join(f"      - {one}\n" for one in expect)
    return f"  - id: {name}\n    run: {run}\n{more}    expect:\n{said}"


@pytest.mark.parametrize(
    "said",
    ["matches: '.*'", "matches: '.'", "matches: '^'", r"matches: '\S*'", r"matches: '\S+'",
     "matches: '^$'", "matches: '(web)?'", r"matches: '\w'", 'contains: " "', r'contains: "\n"'],
)  # fmt: skip
def test_an_expectation_that_any_output_meets_is_refused(said: str) -> None:
    [(line, what)] = found(step("docker ps", said))
    assert line == 5
    assert "almost any output meets" in what


@pytest.mark.parametrize(
    "said",
    [r"matches: '\d'", "matches: '^web'", r"matches: '\A\Z'", "matches: '^@{name}$'",
     "matches: '^[0-9a-f]{64}$'", "contains: '-P'", "{json: '[0]', matches: '[0-9]+'}"],
)  # fmt: skip
def test_an_expectation_that_some_output_does_not_meet_is_fine(said: str) -> None:
    first = "  - id: one\n    run: hostname\n    capture: {name: '(h1)'}\n"
    assert found(first + step("docker ps", said)) == []


def test_absent_alone_needs_a_line_that_must_be_there() -> None:
    [(line, what)] = found(step("ip -br link", "exit: 0", "absent: veth"))
    assert (line, "an empty output meets it too" in what) == (6, True)
    assert found(step("ip -br link", "absent: veth", "contains: docker0")) == []
    assert found(step("docker inspect web", "{json: '[0].X', absent: true}")) == []


def test_an_empty_answer_needs_a_control_and_silent_work_does_not() -> None:
    shown = step("docker port web", "contains: '80/tcp'", name="shown")
    asked = "docker port exposed"
    [(line, what)] = found(shown + step(asked, 'equals: ""'))
    assert (line, "nothing is found" in what) == (6, True)
    assert found(shown + step(asked, 'equals: ""', more="    control: shown\n")) == []
    assert found(shown + step("ip link set eth0 up", 'equals: ""')) == []


@pytest.mark.parametrize(
    ("lost", "run", "said"),
    [
        (PING, "ping -c 1 -W 1 172.17.0.2", 'contains: "1 received"'),
        (PING, "docker exec web ping -c 4 172.17.0.2", 'contains: "4 received"'),
        (PING, "curl -s http://172.17.0.2:81/", "contains: hello"),
        (PING, "ip neigh show dev docker0", "contains: lladdr"),
        (PING, "iptables -nvL DOCKER", "matches: '^ +1 +84 DROP'"),
        (PING, "ip route get 172.17.0.2", "contains: dev eth0"),
        (PING, "ip -br address", "contains: eth0 UP 172.17.0.2/16"),
        (PORT, "cat log", "matches: '^GET 198\\.51\\.100\\.11:8080/'"),
        (PORT, "cat log", "contains: 198.51.100.11.8080 >"),
        (PORT, "curl -s http://198.51.100.11:8080/hostname", "equals: web"),
        (PORT, "nc -vz 198.51.100.11 8080", "contains: succeeded"),
        (PORT, "nft list chain ip filter DOCKER", "matches: 'packets [1-9]'"),
    ],
)
def test_a_control_fits_by_command_by_target_or_by_what_packets_leave(
    lost: str, run: str, said: str
) -> None:
    assert found(lost + "    control: other\n" + step(run, said)) == []


@pytest.mark.parametrize(
    ("lost", "run", "said", "wrong"),
    [
        (PING, "ping -c 1 172.17.0.3", 'contains: "1 received"', "asks something else"),
        (PING, "ip -br address", "contains: eth0 UP 172.17.0.20/16", "asks something else"),
        (PORT, "cat log", "contains: 198.51.100.11:80", "asks something else"),
        (PING, "ip route get 172.17.0.20", "contains: dev", "asks something else"),
        (PING, "docker run -d --ip 172.17.0.2 x", "matches: '^[0-9a-f]{64}$'", "find something"),
        (PING, "iptables -S DOCKER", "contains: DROP", "asks something else"),
        (PING, "ping -c 1 -W 1 172.17.0.2", "exit: 0", "find something"),
        (PORT, "curl -s http://198.51.100.11:80/", "equals: web", "asks something else"),
        (PORT, "ping -c 1 198.51.100.11", 'contains: "1 received"', "asks something else"),
        (PORT, "nft list chain ip filter DOCKER", "contains: drop", "asks something else"),
    ],
)
def test_a_control_that_asks_or_finds_something_else_is_refused(
    lost: str, run: str, said: str, wrong: str
) -> None:
    [(line, what)] = found(lost + "    control: other\n" + step(run, said))
    assert line == 2
    assert wrong in what


def test_a_control_is_another_step_that_is_not_negative_itself() -> None:
    [(line, what)] = found(PING)
    assert (line, 'add "control: ID"' in what) == (2, True)
    [(_, what)] = found(PING + "    control: nowhere\n")
    assert "names no other step" in what
    [(_, what)] = found(PING + "    control: lost\n")
    assert "names no other step" in what
    again = PING.replace("lost", "again", 1)
    crossed = PING + "    control: again\n" + again + "    control: lost\n"
    assert [what for _, what in found(crossed) if "must find something" in what]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("docker run --rm busybox ping -c 1 db", "contains: \"bad address 'db'\""),
        ("curl -s -o /dev/null -w '%{http_code}' http://198.51.100.11/", 'equals: "000"'),
        ("docker exec web nslookup db", r"matches: 'server can.t find db: NXDOMAIN|NXDOMAIN'"),
        ("nc -vz 198.51.100.11 80", r"matches: 'Connection\s+refused'"),
        ("bash -c 'ip link set lo up; ping -c 1 198.51.100.1'", "contains: is unreachable"),
        ("tcpdump -n -c 1 icmp", "contains: 0 packets captured"),
    ],
)
def test_no_answer_is_a_negative_step(run: str, said: str) -> None:
    [(_, what)] = found(step(run, said))
    assert "no answer comes" in what


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("ping -c 1 db", 'contains: "1 packets received, 0% packet loss"'),
        ("docker run -d -p 80:80 busybox true", "contains: port is already allocated"),
        ("docker run --network host busybox true", "contains: Connection refused"),
        ("wget -O - http://198.51.100.1/", "contains: 404 Not Found"),
        ("nc -l 514", "contains: refused"),
    ],
)
def test_an_answer_and_a_refusal_by_docker_itself_are_none(run: str, said: str) -> None:
    assert found(step(run, "exit: 1", said)) == []


def test_a_rule_on_the_hosts_card_says_that_its_name_is_the_readers() -> None:
    rule = "iptables -I DOCKER-USER -i eth0 ! -s 198.51.100.0/24 -j DROP"
    for run in (rule, "nft add rule inet guard forward iifname eth0 counter drop"):
        [(line, what)] = found(step(run, 'equals: ""'))
        assert (line, "yours: {eth0: card}" in what) == (2, True)
        assert found(step(run, 'equals: ""', more="    yours: {eth0: card}\n")) == []
    for run in ("iptables -S | grep eth0", rule.replace("eth0", "docker0"), "tcpdump -c 1 -i eth0"):
        assert found(step(run, "contains: eth0")) == []
    assert found(step(rule, 'equals: ""', more="    on: h1/web\n")) == []


def test_setting_up_is_ending_well_with_an_id_or_without_a_word() -> None:
    steps = scene(
        step("docker run -d web", "matches: '^[0-9a-f]{64}$'", name="run")
        + step("iptables -F", 'equals: ""', "exit: 0", name="flush")
        + "  - id: nothing\n    run: docker run web\n"
        + step("docker ps", "contains: web", name="ps")
        + step("ls /none", "exit: 2", name="fails"),
    ).steps
    assert [one.id for one in steps if soundness.sets_up(one)] == ["run", "flush", "nothing"]


@pytest.mark.parametrize(
    ("run", "asked"),
    [
        ("ping -c 1 -W 1 -M do -s 1373 203.0.113.2", [("203.0.113.2", "")]),
        ("curl -sS -m 1.5 --interface 10.0.0.1 http://[2001:db8::1]:81/x", [("2001:db8::1", "81")]),
        ("docker exec app wget -qO- http://db/hostname", [("db", "80")]),
        ("docker run --network host --name ping busybox true", []),
        ("echo two | nc -u -p 40000 -w 1 198.51.100.11 5140", [("198.51.100.11", "5140")]),
        (
            "for c in a b; do docker exec $c nc -w 1 10.0.0.1 9 < /dev/null; done",
            [("10.0.0.1", "9")],
        ),
        ("docker exec web nslookup -type=a www.example.com 127.0.0.11", [("www.example.com", "")]),
        ("dig +short @127.0.0.11 db", [("db", "")]),
        ("cat > x <<'EOF'\nping 10.0.0.1\nEOF", []),
    ],
)
def test_whom_a_command_asks_and_where_that_stands(run: str, asked: list[tuple[str, str]]) -> None:
    got = list(targets(run))
    assert [(one.host, one.port) for one in got] == asked
    for one in got:
        assert run[slice(*one.host_at)] == one.host
        assert not one.port_at or run[slice(*one.port_at)] == one.port


def test_the_words_of_a_command_stand_where_they_are_written() -> None:
    run = 'A=1 ip netns exec c1 sh -c \'ping "x y"; true\' 2>&1 | grep -c "a b" # no'
    run += "\ncat <<E\nx 'y\nE\nls"
    found = commands(run)
    assert [[one.text for one in words] for words in found] == [
        ["A=1", "ip", "netns", "exec", "c1", "sh", "-c", 'ping "x y"; true'],
        ["ping", "x y"],
        ["true"],
        ["grep", "-c", "a b"],
        ["cat"],
        ["E"],
        ["ls"],
    ]
    assert run[found[1][1].start : found[1][1].end] == '"x y"'


def test_what_is_found_is_a_mistake_of_the_scene_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "docs/scenes/it.yml"
    path.parent.mkdir(parents=True)
    path.write_text(f"steps:\n{PING}")
    with pytest.raises(Mistakes, match=r"docs/scenes/it\.yml:2: here no answer comes, .*control"):
        load(path, tmp_path)
