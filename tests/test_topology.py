"""What is recorded of the hosts' networks: who is whose peer, what is compared, how it changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from macros import reports
from macros.diagrams import comparison
from macros.diagrams.comparison import compare
from macros.model import Mode, Result, Transcript
from macros.rigs.survey import distil
from macros.scenes.scene import Scene
from macros.topology import Interface, Namespace, Topology, check_lines, lines, parse
from macros.verdicts.drift import drift, same
from macros.verdicts.normalize import normalize
from macros.verdicts.transcript import read, write

from .conftest import Boot
from .pages_project import BY, report, step
from .surveyed_hosts import NAMES, SURVEYS, network


def space(topology: Topology, place: str) -> Namespace:
    return next(one for one in topology.namespaces if one.place == place)


def link(topology: Topology, where: str) -> Interface:
    place, _, name = where.partition(":")
    return next(one for one in space(topology, place).interfaces if one.name == name)


@pytest.mark.parametrize("name", NAMES)
def test_every_peer_is_there_and_its_peer_is_this_one(name: str) -> None:
    topology = network(name)
    for one in topology.namespaces:
        for each in one.interfaces:
            if each.kind == "veth":
                assert link(topology, each.peer).peer == f"{one.place}:{each.name}"


@pytest.mark.parametrize("name", NAMES)
def test_a_topology_comes_back_from_its_lines(name: str) -> None:
    written = lines(network(name))
    assert parse(check_lines(written)) == network(name)


def test_a_port_that_no_port_of_the_host_leads_to_is_not_published_there() -> None:
    survey = json.loads((SURVEYS / "publish-after.json").read_text("utf-8"))
    assert distil(survey).ports
    for host in survey.values():
        for container in host.get("containers", ()):
            container["ports"] = {"80/tcp": [{"HostIp": "", "HostPort": ""}]}
    assert not distil(survey).ports


def test_a_container_on_the_default_bridge_reads_as_four_facts() -> None:
    said = lines(network("bridge-after"))
    assert "h1/web (container, web) default via 172.17.0.1" in said
    assert "  eth0 veth UP 8e:ec:e5:de:d3:d0 172.17.0.2/16 peer h1:veth0528bf8" in said
    assert "  veth0528bf8 veth UP 0e:4d:46:a8:b8:dc master docker0 peer h1/web:eth0" in said


def test_containers_that_share_a_namespace_are_in_one() -> None:
    shared = network("shared")
    assert space(shared, "h1").containers == ("web",)
    assert space(shared, "h1/app").containers == ("app", "side")
    assert [one.name for one in space(shared, "h1/quiet").interfaces] == ["lo"]


def test_an_overlay_is_kept_with_its_vni_and_swarms_own_is_not() -> None:
    overlay = network("overlay")
    assert link(overlay, "h1/~wide:vxlan0").vni == 4097
    assert link(overlay, "h2/client:eth0").peer == "h2/~wide:veth1"
    assert not any("ingress" in line for line in lines(overlay))


def test_a_namespace_that_ip_netns_knows_is_a_place_and_says_nothing_of_lo() -> None:
    """One that is a container's too stays the container's."""
    named = network("named")
    assert [one.place for one in named.namespaces] == [
        "lan", "h1", "h1/@bare", "h1/@c1", "h1/@c2", "h1/web",
    ]  # fmt: skip
    assert "h1/@c1 (namespace) default via 172.20.0.1" in lines(named)
    assert link(named, "h1/@c1:eth0").peer == "h1:veth-c1"
    assert not space(named, "h1/@bare").interfaces


def test_a_macvlan_interface_has_its_parent() -> None:
    assert link(network("macvlan"), "h1/web:eth0").parent == "h1:eth0"


@pytest.mark.parametrize("line", ["", "h1", "  eth0 veth UP", "h1 8080 -> web"])
def test_a_line_that_says_nothing_known_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no line of a topology"):
        parse([line])


def result(topology: Topology | None) -> Result:
    return Result("run", "docker run", "", 0, topology=lines(topology) if topology else ())


def transcript(topology: Topology) -> Transcript:
    return Transcript("bridge", f"sha256:{1:064}", "2026-11-24T03:00:00Z", BY, (result(topology),))


def redrawn(topology: Topology) -> Topology:
    """The same network on another day: other veth names, other random MACs."""
    text = "\n".join(lines(topology))
    for old, new in (("veth0528bf8", "vetha1b2c3d"), ("8e:ec:e5:de:d3:d0", "9a:00:11:22:33:44")):
        assert old in text
        text = text.replace(old, new)
    return parse(text.split("\n"))


def test_the_same_network_on_another_day_is_no_drift() -> None:
    old, new = network("bridge-after"), redrawn(network("bridge-after"))
    assert old != new
    assert drift(result(old), result(new)) == ""
    assert same(transcript(old), transcript(new))


def test_in_which_order_a_network_was_made_is_no_drift() -> None:
    for name in ("bridge-after", "user-defined", "overlay"):
        old = network(name)
        new = Topology(
            tuple(replace(one, interfaces=one.interfaces[::-1]) for one in reversed(old.namespaces))
        )
        assert old != new
        assert drift(result(old), result(new)) == ""
        assert same(transcript(old), transcript(new))


TWO_NETWORKS = """\
h1 (host) default via 198.51.100.1
  eth0 veth UP 02:00:5e:00:53:0b 198.51.100.11/24 peer lan:h1
  br-ce2fb666fab4 bridge UP d6:6b:2b:0f:0e:15 172.19.0.1/16
  br-f35c9b154714 bridge UP 6e:1e:61:06:d5:f2 172.20.0.1/16
  veth4410867 veth UP 06:6c:6e:7f:ba:60 master br-f35c9b154714 peer h1/client:{}
  vethad3ae03 veth UP be:8d:ba:f9:b9:4c master br-ce2fb666fab4 peer h1/client:{}
h1/client (container, client) default via 172.19.0.1
  {} veth UP e2:cd:c0:aa:26:ce 172.20.0.3/16 peer h1:veth4410867
  {} veth UP 6a:f1:33:5d:b6:4f {}/16 peer h1:vethad3ae03
"""


def test_which_network_of_a_container_has_eth0_is_no_drift() -> None:
    first, second, elsewhere = (
        result(parse(TWO_NETWORKS.format(one, other, one, other, address).splitlines()))
        for one, other, address in (
            ("eth0", "eth1", "172.19.0.2"),
            ("eth1", "eth0", "172.19.0.2"),
            ("eth1", "eth0", "172.19.0.9"),
        )
    )
    assert first != second
    assert drift(first, second) == ""
    assert "172.19.0.9" in drift(first, elsewhere)
    host = TWO_NETWORKS.format("eth0", "eth1", "eth0", "eth1", "172.19.0.2")
    other = result(parse(host.replace("  eth0 veth UP 02", "  eth1 veth UP 02").splitlines()))
    assert drift(first, other)


def test_what_is_on_another_place_is_drift() -> None:
    old = network("bridge-after")
    *others, last = old.namespaces
    moved = replace(others[-1], interfaces=others[-1].interfaces[:-1])
    new = Topology(
        (
            *others[:-1],
            moved,
            replace(last, interfaces=(*last.interfaces, others[-1].interfaces[-1])),
        )
    )
    assert drift(result(old), result(new))


def test_a_network_that_changed_is_drift_with_its_lines() -> None:
    diff = drift(result(network("bridge-before")), result(network("bridge-after")))
    assert "-  docker0 bridge DOWN" in diff
    assert "+h1/web (container, web) default via 172.17.0.1" in diff


def test_names_that_vary_are_normalized() -> None:
    said = normalize("\n".join(lines(network("user-defined"))))
    assert "[BRIDGE] bridge UP [MAC] 172.25.0.1/16" in said
    assert "peer h1:[VETH]" in said


def test_a_transcript_and_a_report_keep_it(tmp_path: Path) -> None:
    overlay = network("overlay")
    write(tmp_path / "bridge.json", transcript(overlay))
    assert read(tmp_path / "bridge.json") == transcript(overlay)
    kept = {
        "s": report("s", replace(step("run", "true"), topology=lines(overlay)), mode=Mode.VERIFY)
    }
    reports.save(tmp_path / "run.json", kept)
    assert reports.load(tmp_path / "run.json") == kept


def test_a_transcript_says_nothing_of_steps_without_one(tmp_path: Path) -> None:
    plain = replace(transcript(network("macvlan")), results=(result(None),))
    write(tmp_path / "bridge.json", plain)
    raw = json.loads((tmp_path / "bridge.json").read_text())
    assert "topology" not in raw["results"][0]


def test_only_a_scene_that_asks_for_it_has_another_digest() -> None:
    def scene(**more: object) -> Scene:
        return Scene.model_validate({"steps": [{"id": "run", "run": "true", **more}]})

    assert scene().digest == scene(topology=False).digest != scene(topology=True).digest


def test_what_came_and_went_is_told_apart() -> None:
    before, after = network("publish-before"), network("publish-after")
    come = compare(before, after)
    assert {
        comparison.space("h1/web"),
        comparison.link("h1/web", "eth0"),
        comparison.address("h1/web", "eth0", "172.17.0.3/16"),
        *map(comparison.published, network("publish-after").ports),
    } <= come.new
    assert not come.gone
    went = compare(after, before)
    assert (went.new, went.gone) == (come.gone, come.new)
    assert {one.place for one in went.topology.namespaces} == {
        one.place for one in come.topology.namespaces
    }


def test_the_surveys_are_those_of_this_directory() -> None:
    assert len(NAMES) == len([*SURVEYS.glob("*.json")]) >= 8


@pytest.mark.docker
def test_a_rig_tells_its_topology_and_is_left_as_it_was(boot: Boot) -> None:
    with boot(hosts=2) as rig:
        found = rig.run("s", "h1", "docker run -d --name web -p 8080:80 busybox sleep 600", 30)
        assert found.exit == 0
        by_hand = "ip netns add c1 && ip link add to-c1 type veth peer name eth0 netns c1"
        assert rig.run("s", "h1", by_hand, 10).exit == 0
        attach = "ip netns attach again $(docker inspect -f '{{.State.Pid}}' web)"
        assert rig.run("s", "h1", attach, 10).exit == 0
        look = "ls /run /run/netns; cat /proc/self/mounts; ip netns list"
        before = rig.run("s", "h1", look, 10).output
        topology = parse(rig.topology())
        assert [one.place for one in topology.namespaces] == ["lan", "h1", "h1/@c1", "h1/web", "h2"]
        eth0 = link(topology, "h1/web:eth0")
        assert eth0.addresses == ("172.17.0.2/16",)
        assert link(topology, eth0.peer).master == "docker0"
        assert link(topology, "h2:eth0").peer == "lan:h2"
        assert link(topology, "h1/@c1:eth0").peer == "h1:to-c1"
        assert link(topology, "h1:to-c1").peer == "h1/@c1:eth0"
        assert [one.bound for one in topology.ports] == ["0.0.0.0:8080", "[::]:8080"]
        assert rig.topology() == lines(topology)
        assert rig.run("s", "h1", look, 10).output == before
        rig.run("s", "h1", "service docker stop", 30)
        assert "h1" in [one.place for one in parse(rig.topology()).namespaces]
