"""Which mutants are made of a scene, and what becomes of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from macros.errors import Exit, Mistakes
from macros.model import Provenance, Reason, Result, Transcript
from macros.scenes.scene import Scene, load

from .tools.edits import edits
from .tools.mutants import Mutant, mutants
from .tools.mutate import Fate, judged, mutate, unfit

BY = Provenance("28.5.2", "2.1", "1.3", "6.18", "iptables (nf_tables)", "1.8", "7.2", "sha256:0")
RULE = "iptables -I DOCKER-USER 1 -i eth0 ! -s 10.0.0.1 -p tcp --dport 80 -j DROP"


def scene(root: Path, text: str, name: str = "it") -> Scene:
    path = root / f"docs/scenes/{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return load(path, root)


def made(root: Path, text: str, kind: str) -> list[Mutant]:
    return [one for one in mutants(scene(root, text)) if one.kind == kind]


def others(run: str) -> dict[str, str]:
    return {edit.what: edit.apply(run) for edit in edits(run)}


@pytest.mark.parametrize(
    ("run", "without"),
    [
        ("docker run -d --init  --name web -p 8080:80 busybox httpd -f -p 80",
         {"without -p 8080:80": "docker run -d --init  --name web busybox httpd -f -p 80"}),
        ("docker run --rm --network=host busybox ip a",
         {"without --network=host": "docker run --rm busybox ip a"}),
        ("docker network create -d macvlan -o parent=eth0 --internal wire",
         {"without -d macvlan": "docker network create -o parent=eth0 --internal wire",
          "without -o parent=eth0": "docker network create -d macvlan --internal wire",
          "without --internal": "docker network create -d macvlan -o parent=eth0 wire"}),
        ("docker network connect --ip 10.0.0.2 app web",
         {"without --ip 10.0.0.2": "docker network connect app web"}),
        ("for n in 1 2; do docker run -d -P busybox; done; docker ps -a",
         {"without -P": "for n in 1 2; do docker run -d busybox; done; docker ps -a"}),
        (RULE,
         {"DROP → ACCEPT": RULE.replace("DROP", "ACCEPT"),
          "without -i eth0": RULE.replace(" -i eth0", ""),
          "without ! -s 10.0.0.1": RULE.replace(" ! -s 10.0.0.1", ""),
          "without --dport 80": RULE.replace(" --dport 80", "")}),
        ("iptables -I X -m conntrack --ctstate NEW -j RETURN",
         {"RETURN → DROP": "iptables -I X -m conntrack --ctstate NEW -j DROP",
          "without -m conntrack --ctstate NEW": "iptables -I X -j RETURN"}),
        ("docker service create --detach --no-resolve-image --mode global --name api busybox",
         {"without --mode global":
          "docker service create --detach --no-resolve-image --name api busybox"}),
        ("iptables-legacy -I FORWARD -p tcp --dport 80 -j DROP",
         {"without --dport 80": "iptables-legacy -I FORWARD -p tcp -j DROP",
          "DROP → ACCEPT": "iptables-legacy -I FORWARD -p tcp --dport 80 -j ACCEPT"}),
        ("iptables -P FORWARD DROP", {"DROP → ACCEPT": "iptables -P FORWARD ACCEPT"}),
        ("nft add rule ip x y iifname eth0 counter drop",
         {"drop → accept": "nft add rule ip x y iifname eth0 counter accept",
          "without iifname eth0": "nft add rule ip x y counter drop"}),
        ("ip link set eth0 mtu 1400 up", {"without mtu 1400": "ip link set eth0 up"}),
        ("sysctl -w net.ipv4.ip_forward=1",
         {"net.ipv4.ip_forward=1 → 0": "sysctl -w net.ipv4.ip_forward=0"}),
        ("sysctl -w net.ipv4.conf.all.rp_filter=2",
         {"net.ipv4.conf.all.rp_filter=2 → 0": "sysctl -w net.ipv4.conf.all.rp_filter=0"}),
        ("echo 0 > /proc/sys/net/ipv4/ip_forward",
         {"echo 0 → 1": "echo 1 > /proc/sys/net/ipv4/ip_forward"}),
    ],
)  # fmt: skip
def test_a_command_is_changed_in_one_place_and_is_the_same_elsewhere(
    run: str, without: dict[str, str]
) -> None:
    assert others(run) == without


@pytest.mark.parametrize(
    "run",
    ["docker run --rm busybox httpd -p 80", "iptables -S -i eth0", "iptables -D X -i eth0 -j DROP",
     "cat > f <<'EOF'\ndocker run -p 80:80 busybox\nEOF", "ip link show mtu 1", "ping -I eth0 x",
     "docker network disconnect app web", "sysctl net.ipv4.ip_forward", "nft list ruleset"],
)  # fmt: skip
def test_what_changes_nothing_is_left(run: str) -> None:
    assert others(run) == {}


STEPS = """\
steps:
  - id: run
    run: docker run -d web
    expect: [{matches: "^[0-9a-f]{64}$"}]
  - id: id
    run: docker run -d other
    capture: {other: '(.*)'}
  - id: sniff
    run: tcpdump icmp
    background: {ready: listening, until: go}
  - id: go
    run: "true"
  - id: empty
    run: docker port web
    expect: [{equals: ""}]
    control: full
  - id: full
    run: docker port other
    expect: [{contains: 80/tcp}]
  - id: quiet
    run: ip link set eth0 up
    expect: [{equals: ""}]
  - id: look
    run: docker inspect @{other}
    expect: [{contains: web}]
"""


def test_a_set_up_step_is_left_out_unless_others_wait_for_it(tmp_path: Path) -> None:
    left_out = made(tmp_path, STEPS, "step")
    assert [(one.step, one.line) for one in left_out] == [("run", 2), ("quiet", 20)]
    assert next(step.id for step in left_out[0].scene.steps) == "id"
    assert left_out[1].place == "docs/scenes/it.yml:20"


def test_mutants_have_names_of_their_own_and_leave_their_scene_as_it_is(tmp_path: Path) -> None:
    one = scene(tmp_path, STEPS)
    names = [mutant.scene.name for mutant in mutants(one)]
    assert len(set(names)) == len(names) == 2
    assert (one.name, len(one.steps)) == ("it", 8)


def test_a_target_for_which_another_does_as_well_is_left(tmp_path: Path) -> None:
    before = '"100% packet loss"}]\n    control: count\n'
    said = '    same_without: {"172.17.0.2": "the rule looks at the source alone"}\n'
    asked = made(tmp_path, QUESTIONS.replace(before, before + said, 1), "question")
    assert [one.step for one in asked] == ["closed", "closed"]


def test_an_option_that_changes_nothing_by_what_its_step_says_is_left(tmp_path: Path) -> None:
    step = {
        "id": "mac",
        "run": "docker run --network container:web --mac-address 02:00:5e:00:53:99 busybox ip a",
        "expect": [{"contains": "eth0"}],
    }
    plain = json.dumps({"steps": [step]})
    assert len(made(tmp_path, plain, "option")) == 2
    said = step | {"same_without": {"--mac-address 02:00:5e:00:53:99": "Docker ignores it here"}}
    [other] = made(tmp_path, json.dumps({"steps": [said]}), "option")
    assert other.what == "without --network container:web"
    wrong = said | {"same_without": {"--mac": "no such word in it"} | {"--ip 1": "nor this"}}
    with pytest.raises(Mistakes, match='"same_without" names "--ip 1", which is not in "run"'):
        scene(tmp_path, json.dumps({"steps": [wrong]}))


HOSTS = """\
hosts:
  h1: {dockerd: off, sysctl: {net.ipv4.ip_forward: 1, net.ipv4.ip_default_ttl: 9}}
  h2: {dockerd: {icc: false, mtu: 1400}}
  h3: {dockerd: off}
steps: [{id: a, run: iptables -S, expect: [{contains: P}]}]
"""


def test_options_of_hosts_are_turned_round_or_left_out(tmp_path: Path) -> None:
    changed = [*made(tmp_path, HOSTS, "sysctl"), *made(tmp_path, HOSTS, "host")]
    assert {one.what for one in changed} == {
        "h1: net.ipv4.ip_forward=1 → 0",
        "h1: dockerd starts", "h2: daemon.json without icc", "h2: daemon.json without mtu",
    }  # fmt: skip
    by_what = {one.what: one.scene.boot() for one in changed}
    assert by_what["h2: daemon.json without icc"]["h2"]["dockerd"] == {"mtu": 1400}
    assert by_what["h1: net.ipv4.ip_forward=1 → 0"]["h1"]["sysctl"] == {
        "net.ipv4.ip_forward": "0",
        "net.ipv4.ip_default_ttl": "9",
    }


QUESTIONS = """\
steps:
  - id: closed
    run: curl -s -m 1 http://198.51.100.11:8080/
    expect: [{exit: 28}]
    control: open
  - id: open
    run: curl -s http://198.51.100.11:8080/x
    expect: [{contains: web}]
  - id: lost
    run: ping -c 1 -W 1 172.17.0.2
    expect: [{contains: "100% packet loss"}]
    control: count
  - id: count
    run: iptables -nvL DOCKER
    expect: [{matches: '^ +1 +84 DROP'}]
  - id: unknown
    run: nslookup db
    expect: [{contains: "can't find db: NXDOMAIN"}]
    control: count
  - id: listed
    run: curl -s http://198.51.100.12:81/
    expect: [{exit: 7}]
    control: list
  - id: list
    run: cat log
    expect: [{contains: "198.51.100.12:81"}]
  - id: itself
    run: ping -c 1 -W 1 127.0.0.1
    expect: [{contains: "100% packet loss"}]
    control: count
"""


def test_a_negative_step_asks_somebody_who_is_not_there(tmp_path: Path) -> None:
    asked = made(tmp_path, QUESTIONS, "question")
    assert [(one.step, one.what) for one in asked] == [
        ("closed", "198.51.100.11 → 198.51.100.253, in open too"),
        ("closed", "8080 → 8999, in open too"),
        ("lost", "172.17.0.2 → 172.17.0.253"),
    ]
    runs = {step.id: step.run for step in asked[1].scene.steps}
    assert runs["closed"] == "curl -s -m 1 http://198.51.100.11:8999/"
    assert runs["open"] == "curl -s http://198.51.100.11:8999/x"


SINCE = """\
since: "{since}"
needs: ["engine>=28", veth]
steps:
  - {{id: a, run: hostname, needs: ["engine>=27"], expect: [{{contains: h1}}]}}
  - {{id: v, run: docker version, expect: [{{contains: "28."}}]}}
"""


@pytest.mark.parametrize(("since", "engine"), [("28.0", "26"), ("23", "20"), ("26.1.5", "20")])
def test_what_holds_since_an_engine_runs_on_the_newest_before(
    tmp_path: Path, since: str, engine: str
) -> None:
    [older] = made(tmp_path, SINCE.format(since=since), "since")
    assert older.scene.engine == engine
    assert (older.scene.needs, older.scene.steps[0].needs) == (("veth",), ())
    assert [len(step.expect) for step in older.scene.steps] == [1, 0]


def test_since_is_no_part_of_what_is_recorded(tmp_path: Path) -> None:
    text = SINCE.format(since="28")
    with_it = scene(tmp_path, text).digest
    assert scene(tmp_path, text.partition("\n")[2]).digest == with_it


TWO = """\
steps:
  - {id: a, run: echo a, expect: [{contains: a}]}
  - {id: b, run: echo b, expect: [{contains: b}]}
"""


def transcript(one: Scene, *outputs: str, **more: Any) -> Transcript:
    results = tuple(
        Result(step.id, step.run, output, 0)
        for step, output in zip(one.steps, outputs or ("a", "b"), strict=False)
    )
    return replace(Transcript(one.name, one.digest, "", BY, results), **more)


def test_what_became_of_a_run_is_read_from_what_it_printed(tmp_path: Path) -> None:
    one = scene(tmp_path, TWO)
    assert judged(one, transcript(one)) == (Fate.SURVIVED, "")
    assert judged(one, transcript(one, "a", "x")) == (Fate.NOTICED, 'b: contains: "b"')
    assert judged(one, transcript(one, "a", broken="hm")) == (Fate.BROKEN, "hm")
    assert judged(one, transcript(one, "x", broken="hm"))[0] is Fate.NOTICED
    assert judged(one, transcript(one, "a", late=("b",)))[0] is Fate.BROKEN
    none = transcript(one, results=(), skipped=(("a", Reason("kernel", ("6", "macvlan"))),))
    assert judged(one, none) == (Fate.NOT_RUN, "the kernel 6 has no macvlan")


def test_mutants_of_a_scene_that_does_not_hold_are_not_run(tmp_path: Path) -> None:
    one = scene(tmp_path, TWO)
    mutant = Mutant(one, "it", "step", 2, "without this step", "a")
    [finding] = unfit(one, [mutant], transcript(one, "x"))
    assert (finding.fate, "does not hold as it is" in finding.why) == (Fate.NOT_RUN, True)
    [finding] = unfit(
        one,
        [mutant],
        transcript(one, results=(), skipped=(("a", Reason("kernel", ("6", "macvlan"))),)),
    )
    assert (finding.fate, finding.why) == (Fate.NOT_RUN, "the kernel 6 has no macvlan")
    assert list(unfit(one, [mutant], transcript(one))) == []


def test_a_named_scene_without_a_mutant_is_a_mistake(tmp_path: Path) -> None:
    scene(tmp_path, TWO, "plain")
    with pytest.raises(Mistakes, match=r"docs/scenes/plain\.yml: no mutant"):
        mutate(tmp_path, ("plain",), 1, print, lambda progress: None)


@pytest.mark.docker
def test_the_mutant_that_nothing_notices_survives(tmp_path: Path) -> None:
    scene(
        tmp_path,
        """\
hosts: {h1: {dockerd: off}}
steps:
  - {id: route, run: ip route add 203.0.113.0/24 via 198.51.100.1}
  - {id: unseen, run: touch /unseen}
  - {id: table, run: ip route, expect: [{contains: "203.0.113.0/24 via 198.51.100.1"}]}
""",
    )
    tally = mutate(tmp_path, ("it",), 2, print, lambda progress: None)
    [survivor] = tally.of(Fate.SURVIVED)
    assert survivor.mutant.place == "docs/scenes/it.yml:4"
    [noticed] = tally.of(Fate.NOTICED)
    assert noticed.why.startswith("table: contains")
    assert tally.status is Exit.FAILED
    assert tally.lines()[-1] == (
        "2 mutants of 1 scenes (2 step): 1 noticed, 1 survived, 0 broken, 0 not run"
    )
