"""The chains that counted packets, read from what hosts really printed, in their order."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from macros.diagrams.description import Item
from macros.diagrams.hooks import boxes, describe
from macros.diagrams.listing import chains
from macros.model import StepReport, Verdict
from macros.pages import chains as netfilter
from macros.pages.calls import render
from macros.pages.figure import figure
from macros.pages.macros import Showing
from macros.pages.source import parse

from .pages_project import EN, ZH, report, step

FORWARD = """\
Chain FORWARD (policy DROP 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
   10   849 DOCKER-USER  all  --  *      *       0.0.0.0/0            0.0.0.0/0
   10   849 DOCKER-FORWARD  all  --  *      *       0.0.0.0/0            0.0.0.0/0

Chain DOCKER-FORWARD (1 references)
 pkts bytes target     prot opt in     out     source               destination
    0     0 DROP       all  --  docker0 *       0.0.0.0/0            0.0.0.0/0
  12K   60K ACCEPT     tcp  --  !docker0 docker0  0.0.0.0/0      172.17.0.2           tcp dpt:80
    7   420            all  --  *      *       0.0.0.0/0            0.0.0.0/0
"""
SAVED = """\
*raw
:PREROUTING ACCEPT [1:60]
COMMIT
*filter
[1:60] -A FORWARD -j DOCKER-USER
[1:60] -A DOCKER-USER ! -s 198.51.100.12/32 -i eth0 -p tcp -m conntrack --ctorigdstport 8080 -j DROP
COMMIT
*nat
[1:60] -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
[1:60] -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
"""


def listed(output: str, command: str = "iptables-save -c | grep -v x") -> StepReport:
    return step("chains", command, output)


def in_lines(items: tuple[Item, ...], depth: int = 0) -> list[str]:
    return [
        line for one in items for line in (" " * depth + one.text, *in_lines(one.below, depth + 1))
    ]


def test_a_table_with_columns_is_read_without_what_a_rule_does_not_look_at() -> None:
    forward, own = chains(listed(FORWARD, "iptables -nvL"))
    assert (forward.table, forward.name) == ("filter", "FORWARD")
    assert [(rule.packets, rule.target) for rule in forward.counted] == [
        ("10", "DOCKER-USER"),
        ("10", "DOCKER-FORWARD"),
    ]
    accept, bare = own.counted
    assert accept.match == "in !docker0 out docker0 destination 172.17.0.2 tcp dpt:80"
    assert accept.text == "ACCEPT tcp -- !docker0 docker0 0.0.0.0/0 172.17.0.2 tcp dpt:80"
    assert (bare.packets, bare.target, bare.match) == ("7", "", "")


def test_a_saved_ruleset_names_its_tables_and_its_policies() -> None:
    found = chains(listed(SAVED))
    assert [(chain.table, chain.name) for chain in found] == [
        ("raw", "PREROUTING"), ("filter", "FORWARD"), ("filter", "DOCKER-USER"),
        ("nat", "PREROUTING"), ("nat", "DOCKER"),
    ]  # fmt: skip
    assert found[0].rules[0].policy
    [rule] = found[-1].rules
    assert (rule.target, rule.match) == (
        "DNAT",
        "! -i docker0 -p tcp --dport 8080 --to-destination 172.17.0.2:80",
    )


def test_what_prints_no_counters_lists_nothing() -> None:
    assert not chains(listed(FORWARD, "iptables -nL"))
    assert not chains(listed(SAVED, "iptables-save"))


def test_chains_stand_in_the_order_of_netfilter_each_below_the_rule_that_leads_to_it() -> None:
    drop = "DROP ! -s 198.51.100.12/32 -i eth0 -p tcp --ctorigdstport 8080"
    dnat = "DNAT ! -i docker0 -p tcp --dport 8080 --to-destination 172.17.0.2:80"
    assert in_lines(describe(boxes([listed(SAVED)]), EN)) == [
        "raw PREROUTING", " ACCEPT policy",
        "nat PREROUTING", " DOCKER --dst-type LOCAL", "  nat DOCKER", f"   {dnat}",
        "routing decision",
        "filter FORWARD", " DOCKER-USER", "  filter DOCKER-USER", f"   {drop}",
    ]  # fmt: skip


def test_several_listings_are_one_map() -> None:
    halves = FORWARD.split("\n\n")
    steps = [listed(half, "iptables -nvL") for half in halves]
    assert boxes(steps) == boxes([listed(FORWARD, "iptables -nvL")])


@pytest.mark.parametrize(
    ("output", "command", "told"),
    [
        ("", "true", "lists no chain"),
        (FORWARD.partition("\n\n")[2], "iptables -nvL X", "no rule that is listed leads there"),
        ("*raw\n:PREROUTING ACCEPT [0:0]\n", "iptables-save -c", "has counted a packet"),
    ],
)
def test_a_listing_that_cannot_be_drawn_is_told(output: str, command: str, told: str) -> None:
    with pytest.raises(LookupError, match=told):
        boxes([listed(output, command)])


def test_the_rule_that_dropped_is_marked_and_the_figure_has_an_id() -> None:
    it = listed(SAVED)
    page = parse("docs/en/x.md", '{{{ chains("bridge", "chains") }}}\n')
    drawn = render(page, Showing({"bridge": report("bridge", it)}, EN))
    assert 'id="chains-bridge-chains"' in drawn
    assert drawn.count('class="loses"') == 1
    assert "\n" not in drawn.strip()
    assert EN.diagram.chains in drawn
    assert ZH.diagram.routing in figure(netfilter.chains, report("bridge", it), [it], ZH)


def test_a_step_that_did_not_run_leaves_them_undrawn() -> None:
    it = replace(listed(""), verdict=Verdict.SKIPPED)
    assert EN.diagram.missing in figure(netfilter.chains, report("bridge", it), [it], EN)


def test_every_class_has_a_look() -> None:
    it = listed(SAVED)
    css = (Path(__file__).parents[1] / "docs/theme/assets/chains.css").read_text("utf-8")
    drawn = figure(netfilter.chains, report("bridge", it), [it], EN).partition("<figcaption")[0]
    own = {"ruled", "packets", "loses", "routing", "chains"}
    assert own <= set(re.findall(r'class="(\w+)"', drawn))
    assert all(f".{kind}" in css for kind in own)
