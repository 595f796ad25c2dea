"""Who reaches whom, read from what a host's `curl` really printed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from macros.diagrams.description import Item
from macros.diagrams.reachability import Target, describe, matrix
from macros.model import StepReport, Verdict
from macros.pages.figure import figure
from macros.pages.reach import reach
from macros.topology import Topology, parse

from .pages_project import EN, report, step

NETWORK = (
    "h1 (host)",
    "  eth0 ether UP 02:00:5e:00:53:0b 198.51.100.11/24",
    "h1/web (container, web)",
    "  eth0 veth UP 02:42:ac:11:00:02 172.17.0.2/16 2001:db8:6::2/64 peer h1:veth1",
    "lan (host)",
    "  lan bridge UP 02:00:5e:00:53:01 198.51.100.1/24",
)
CURL = "curl -w '%{url} %{http_code} %{exitcode}\\n' http://…/"
RUN = step("run", "docker run -d --name web busybox", topology=NETWORK)


def asked(at: str, *answers: str) -> StepReport:
    return replace(step(at, CURL, "".join(f"{line}\n" for line in answers)), on=at)


LAN = asked(
    "lan", "http://172.17.0.2/ 000 28", "http://[2001:db8:6::2]/ 404 0",
    "http://198.51.100.11:8080/ 200 0", "http://203.0.113.9/ 000 7",
)  # fmt: skip
CLIENT = asked(
    "h1/web", "http://172.17.0.2/ 404 0", "http://[2001:db8:6::2]/ 000 35",
    "http://198.51.100.11:8080/ 000 7", "http://203.0.113.9/ 000 7",
)  # fmt: skip


def network() -> Topology:
    return parse(NETWORK)


def test_a_target_has_the_name_of_whose_address_it_is_and_its_port() -> None:
    assert matrix(network(), [LAN]).targets == (
        Target("web", "172.17.0.2"),
        Target("web", "[2001:db8:6::2]"),
        Target("h1:8080", "198.51.100.11:8080"),
        Target("", "203.0.113.9"),
    )


def test_what_came_is_told_by_curls_exit_code_and_not_by_the_page() -> None:
    rows = {row.name: row.came for row in matrix(network(), [LAN, CLIENT]).rows}
    assert rows == {
        "lan": ("silent", "answered", "answered", "unconnected"),
        "web": ("answered", "failed", "unconnected", "unconnected"),
    }


def test_in_words_what_came_alike_stands_together() -> None:
    assert describe(matrix(network(), [LAN]), EN) == (
        Item("lan", below=(
            Item("answered: web, h1:8080"), Item("no connection: 203.0.113.9"),
            Item("no answer: web"),
        )),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([LAN, asked("h1", "http://172.17.0.2/ 000 28")], 'step "h1" does not ask what "lan" asks'),
        ([step("out", "ping 172.17.0.2", "1 received\n")], 'step "out" says of no address'),
        ([asked("h1", "http://172.17.0.2/ 404")], 'step "h1" says of no address'),
    ],
)
def test_steps_that_make_no_table_are_refused_by_their_name(
    steps: list[StepReport], why: str
) -> None:
    with pytest.raises(LookupError, match=re.escape(why)):
        matrix(network(), steps)


def test_a_table_has_a_cell_for_each_who_asks_and_who_is_asked() -> None:
    drawn = figure(reach, report("reach", RUN, LAN, CLIENT), (RUN, LAN, CLIENT), EN)
    assert drawn.count('<th scope="row">') == 2
    assert drawn.count('<th scope="col">') == 4
    assert drawn.count('<td class="') == 8
    assert drawn.count('aria-label="no answer"') == 1
    assert "another error" in drawn


def test_a_place_and_an_address_are_text() -> None:
    evil = "<b>x</b>"
    hostile = replace(asked("h1", "http://<b>x</b>/ 404 0"), on=f"h1/{evil}")
    drawn = figure(reach, report("reach", RUN, hostile), (RUN, hostile), EN)
    assert evil not in drawn


@pytest.mark.parametrize("of", [0, 1])
def test_where_a_step_failed_there_is_nothing_to_draw(of: int) -> None:
    steps = [RUN, LAN]
    steps[of] = replace(steps[of], verdict=Verdict.FAILED, topology=())
    drawn = figure(reach, report("reach", *steps), steps, EN)
    assert "nothing to draw" in drawn
    assert "<table" not in drawn


def test_what_hosts_printed_makes_the_table_of_the_page() -> None:
    file = Path(__file__).parents[1] / "docs/transcripts/reach.json"
    results = {one["step"]: one for one in json.loads(file.read_text("utf-8"))["results"]}
    rows = [asked(name, *"".join(results[name]["output"]).splitlines())
            for name in ("from-vault", "host", "neighbour")]  # fmt: skip
    table = matrix(parse(results["servers"]["topology"]), rows)
    names = [target.name for target in table.targets]
    assert names == ["plain", "quiet", "vault", "routed", "open", "alone", "lan", "h1:8080"]
    reached = {
        row.name: {name for name, came in zip(names, row.came, strict=True) if came == "answered"}
        for row in table.rows
    }
    assert reached == {
        "from-vault": {"vault"},
        "host": {*names} - {"alone"},
        "neighbour": {"routed", "open", "lan", "h1:8080"},
    }
