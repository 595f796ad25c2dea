"""Expectations hold or do not, and say what came instead; captures give values to later steps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from macros import phrases
from macros.model import Ended, Held, Result
from macros.scenes.step import Step
from macros.verdicts.expect import fill, judge_step, needed_captures, take_captures, taken

from .pages_project import EN

RULES = """\
-P FORWARD ACCEPT
-N DOCKER
-N DOCKER-USER
-A FORWARD -j DOCKER-USER
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
"""
INSPECT = json.dumps(
    [
        {
            "State": {"Pid": 279, "Running": True, "Error": ""},
            "Ports": {"80/tcp": None},
            "Tags": ["a"],
        }
    ],
    indent=4,
)


def said(held: Held) -> str:
    return phrases.came(held.came, EN)


def step(*expect: dict[str, Any], **more: Any) -> Step:
    return Step.model_validate({"id": "x", "run": "true", "expect": expect, **more})


def result(output: str, exit: int = 0, ended: Ended = Ended.EXIT) -> Result:
    return Result("x", "true", output, exit, ended)


def only(expectation: dict[str, Any], output: str, **captures: str) -> Held:
    _, held = judge_step(step(expectation), result(output), captures)
    return held


@pytest.mark.parametrize(
    ("expectation", "output", "holds"),
    [
        ({"contains": "-N DOCKER"}, RULES, True),
        ({"contains": "-P FORWARD DROP"}, RULES, False),
        ({"absent": "DROP"}, RULES, True),
        ({"absent": "ACCEPT"}, RULES, False),
        ({"equals": "404"}, "404\n", True),
        ({"equals": "404\n"}, "404", True),
        ({"equals": "404"}, " 404\n", False),
        ({"equals": ""}, "", True),
        ({"matches": r"^-A DOCKER .*:80$"}, RULES, True),
        ({"matches": r"^ACCEPT"}, RULES, False),
        ({"json": "[0].State.Running", "equals": True}, INSPECT, True),
        ({"json": "[0].State.Running", "equals": 1}, INSPECT, False),
        ({"json": "[0].State.Running", "equals": "true"}, INSPECT, False),
        ({"json": "[0].Tags", "equals": ["a"]}, INSPECT, True),
        ({"json": "[0].Tags", "contains": "a"}, INSPECT, True),
        ({"json": '[0].Ports."80/tcp"', "equals": None}, INSPECT, True),
        ({"json": "[0].State.Nope", "absent": True}, INSPECT, True),
        ({"json": "[0].State.Pid", "absent": True}, INSPECT, False),
        ({"json": "[0].State.Pid", "matches": r"^\d+$"}, INSPECT, True),
        ({"json": "[0].State.Nope", "matches": "null"}, INSPECT, False),
    ],
)
def test_an_expectation_holds_or_not(expectation: dict[str, Any], output: str, holds: bool) -> None:
    assert only(expectation, output).holds is holds


@pytest.mark.parametrize(
    ("expectation", "output", "came"),
    [
        ({"contains": "-P FORWARD DROP"}, RULES, "-P FORWARD ACCEPT\n-A FORWARD -j DOCKER-USER"),
        ({"contains": "--to-destination 172.17.0.3:80"}, RULES, RULES.splitlines()[-1]),
        ({"contains": "something else entirely"}, "one\n\ntwo\n", "one\ntwo"),
        ({"contains": "x"}, "\n".join("abcdefgh"), "a\nb\nc\nd\ne\n… 3 more lines"),
        ({"contains": "x"}, "", "nothing was printed"),
        ({"absent": "DOCKER-USER"}, RULES, "-N DOCKER-USER"),
        ({"equals": "200"}, "404\n", "404"),
        ({"json": "[0].State.Pid", "equals": 1}, INSPECT, "279"),
        ({"json": "[0].State.Nope", "equals": 1}, INSPECT, "null"),
    ],
)
def test_what_came_instead_is_told(expectation: dict[str, Any], output: str, came: str) -> None:
    assert said(only(expectation, output)) == came


def test_output_that_is_no_json_is_told_as_it_came() -> None:
    held = only({"json": "[0]", "equals": 1}, "Error: No such object: web\n")
    assert not held.holds
    assert said(held).startswith("no JSON, ")
    assert said(held).endswith("Error: No such object: web")


def test_an_expectation_is_shown_as_it_was_written() -> None:
    assert only({"contains": '-P "FORWARD" 转发'}, "").written == r'contains: "-P \"FORWARD\" 转发"'


def test_exit_status_0_is_expected_unless_said() -> None:
    (fine,) = judge_step(step(), result(""), {})
    (broken,) = judge_step(step(), result("no route\n", exit=2), {})
    (other,) = judge_step(step({"exit": 2}), result("", exit=2), {})
    assert (fine.written, fine.holds) == ("exit: 0", True)
    assert (broken.holds, said(broken)) == (False, "exit status 2\nno route")
    assert (other.written, other.holds) == ("exit: 2", True)


def test_a_background_step_may_end_by_the_interrupt_that_collects_it() -> None:
    sniff = step(background={"ready": "listening", "until": "ping"})
    assert [judge_step(sniff, result("", exit=code), {})[0].holds for code in (0, 130, 1)] == [
        True, True, False
    ]  # fmt: skip


@pytest.mark.parametrize("ended", [Ended.TIMEOUT, Ended.OUTPUT])
def test_a_command_that_was_killed_fails_and_says_what_mends_it(ended: Ended) -> None:
    first, *others = judge_step(step({"contains": "a"}), result("a", 137, ended), {})
    assert not first.holds
    assert "print less" in said(first) or "write a longer timeout" in said(first)
    assert [one.holds for one in others] == [True]
    assert not judge_step(step({"exit": 137}), result("", 137, ended), {})[0].holds


@pytest.mark.parametrize(
    ("way", "output", "value"),
    [
        (r"to-destination (\S+)", RULES, "172.17.0.2:80"),
        (r"^-P \S+ \S+", RULES, "-P FORWARD ACCEPT"),
        ({"json": "[0].State.Pid"}, INSPECT, "279"),
        ({"json": "[0].State.Running"}, INSPECT, "true"),
        ({"json": "[0].Tags"}, INSPECT, '["a"]'),
        ({"regex": r"(x)?-N"}, RULES, None),
        ({"json": "[0].State.Nope"}, INSPECT, None),
        ({"json": "[0]"}, RULES, None),
        ("nope", RULES, None),
    ],
)
def test_a_capture_takes_a_value(way: Any, output: str, value: str | None) -> None:
    way = {"regex": way} if isinstance(way, str) else way
    taking = step(capture={"it": way})
    assert take_captures(taking, result(output), {}).get("it") == value
    assert judge_step(taking, result(output), {})[-1].holds is (value is not None)


def test_a_capture_that_takes_nothing_does_not_hold() -> None:
    held = judge_step(step(capture={"veth": {"regex": r"(veth\w+)"}}), result("vet: none\n"), {})[
        -1
    ]
    assert held.written == r'capture: {"veth": "(veth\\w+)"}'
    assert said(held) == "vet: none"


def test_captured_values_fill_commands_and_are_literal_in_a_regex() -> None:
    assert fill("nsenter -t @{pid} -n ip a @{other}", {"pid": "279"}) == (
        "nsenter -t 279 -n ip a @{other}"
    )
    assert fill("^@{ip}$", {"ip": "172.17.0.2"}, regex=True) == r"^172\.17\.0\.2$"
    assert only({"matches": "^@{ip}$"}, "172.17.0.2\n", ip="172.17.0.2").holds
    assert not only({"matches": "^@{ip}$"}, "172x17.0.2\n", ip="172.17.0.2").holds


def test_captured_values_are_compared_with_json_values() -> None:
    assert only({"json": "[0].State.Pid", "equals": "@{pid}"}, INSPECT, pid="279").holds
    assert only(
        {"json": "[?State.Pid==`@{pid}`] | [0].Tags", "equals": ["a"]}, INSPECT, pid="279"
    ).holds


def test_a_step_may_expect_what_it_takes_itself() -> None:
    taking = step({"contains": "dport @{port}"}, capture={"port": {"regex": r"dport (\d+)"}})
    assert all(held.holds for held in judge_step(taking, result(RULES), {}))
    assert needed_captures(taking) == frozenset()


def test_an_expectation_whose_value_was_not_taken_does_not_hold() -> None:
    held = only({"contains": "@{pid}"}, "279")
    assert (held.holds, said(held)) == (
        False,
        "no value for @{pid}: the step that takes it did not",
    )


def test_what_a_step_needs_is_wanted_before_it_starts() -> None:
    taking = step({"contains": "@{a}"}, run="echo @{b}", capture={"c": {"regex": "@{d}"}})
    waiting = step({"contains": "@{a}"}, run="echo @{b}", background={"ready": "x", "until": "y"})
    assert needed_captures(taking) == {"a", "b", "d"}
    assert needed_captures(waiting) == {"b"}


@pytest.mark.parametrize(
    ("expectation", "output", "rests"),
    [
        ({"contains": "-N DOCKER"}, RULES, "-N DOCKER"),
        ({"contains": "@{user}"}, RULES, "DOCKER-USER"),
        ({"contains": " DROP"}, "-P FORWARD DROP\n", "DROP"),
        ({"contains": "-P FORWARD DROP"}, RULES, None),
        ({"absent": "DROP"}, RULES, None),
        ({"equals": "404"}, "404\n", "404"),
        ({"equals": ""}, "\n", None),
        ({"matches": r"^-A (FORWARD) .*$"}, RULES, "-A FORWARD -j DOCKER-USER"),
        ({"matches": r"^\b"}, "x", None),
        ({"exit": 0}, RULES, None),
        ({"json": "[0].State.Running", "equals": True}, INSPECT, "true"),
        ({"json": '[0].State."Pid"', "matches": "279"}, INSPECT, "279"),
        ({"json": "[0].Ports", "equals": {"80/tcp": None}}, INSPECT, None),
        ({"json": "length(@)", "equals": 1}, INSPECT, None),
        ({"json": "[0].a", "equals": 1}, '[{"a": 1, "b": {"a": 1}}]', None),
        ({"json": "a", "equals": 1}, '{"a" :  1, "b": {"a": 12}}', "1"),
        ({"json": "a", "equals": "网"}, '{"a": "\\u7f51"}', '"\\u7f51"'),
    ],
)
def test_what_holds_rests_on_characters_of_the_output(
    expectation: dict[str, Any], output: str, rests: str | None
) -> None:
    given = step(
        expectation, capture={"user": {"regex": "(DOCKER-USER)"}} if "@" in str(expectation) else {}
    )
    held = judge_step(given, result(output), {})[-1]
    assert (output[slice(*held.rests)] if held.rests else None) == rests


def test_a_value_is_taken_from_the_characters_of_its_group() -> None:
    taking = step(
        capture={
            "target": {"regex": r"to-destination (\S+)"},
            "all": {"regex": "FORWARD"},
            "none": {"regex": "nowhere"},
            "apart": {"regex": "(x)?-P"},
        }
    )
    spans = taken(taking, result(RULES), {})
    assert {span.rule: RULES[span.start : span.end] for span in spans} == {
        "target": "172.17.0.2:80",
        "all": "FORWARD",
    }
    pid = step(capture={"pid": {"json": "[0].State.Pid"}, "n": {"json": "length(@)"}})
    assert [INSPECT[s.start : s.end] for s in taken(pid, result(INSPECT), {})] == ["279"]
    assert take_captures(pid, result(INSPECT), {}) == {"pid": "279", "n": "1"}
