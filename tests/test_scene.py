"""Scenes are read whole, and every mistake of every file is told at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from macros.errors import Exit, Mistakes
from macros.scenes.scene import Scene, load, load_all, schema

WHOLE = """\
hosts: {h1: {dockerd: {ipv6: true}, sysctl: {net.ipv4.ip_forward: 1}}, h2: {dockerd: off}}
needs: [macvlan, "engine>=28"]
timeout: 2m
steps:
  - id: sniff
    on: lan
    run: tcpdump -n -i lan icmp
    background: {ready: "listening on", until: ping}
    expect: [{contains: "@{target} > "}]
  - id: inspect
    run: |
      docker inspect web
    expect:
      - json: "[0].State.Running"
        equals: true
    capture: {target: '"IPAddress": "(\\S+)"', pid: {json: "[0].State.Pid"}}
  - id: ping
    on: h1/web
    run: ping -c 1 @{target}
    within: 500ms
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str | bytes, name: str = "x.yml") -> Path:
        path = tmp_path / "docs/scenes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def read(write: Write, text: str) -> Scene:
    path = write(text)
    return load(path, path.parents[2])


def mistakes(write: Write, text: str | bytes) -> list[str]:
    path = write(text)
    with pytest.raises(Mistakes) as caught:
        load(path, path.parents[2])
    assert caught.value.status is Exit.WRONG
    return str(caught.value).splitlines()


def one_step(more: str) -> str:
    return f"steps:\n- id: one\n  run: echo hello\n  expect: [{{equals: hello}}]\n  {more}\n"


def test_a_scene_is_read_with_its_lines(write: Write) -> None:
    scene = read(write, WHOLE)
    sniff, inspect, ping = scene.steps
    assert scene.name == "x"
    assert scene.timeout == 120
    assert scene.boot() == {
        "h1": {"dockerd": {"ipv6": True}, "sysctl": {"net.ipv4.ip_forward": "1"}},
        "h2": {"dockerd": None, "sysctl": {}},
    }
    assert inspect.run == "docker inspect web"
    assert (sniff.on, inspect.on, ping.on) == ("lan", "h1", "h1/web")
    assert (inspect.timeout, ping.within, inspect.within) == (30, 0.5, None)
    assert [step.line for step in scene.steps] == [5, 10, 17]
    assert inspect.expect[0].line == 14
    assert inspect.expect[0].text == 'json: "[0].State.Running", equals: true'
    assert inspect.capture["target"].line == 16


def test_a_scene_that_says_least_runs_on_one_host(write: Write) -> None:
    scene = read(write, one_step(""))
    assert scene.boot() == {"h1": {"dockerd": {}, "sysctl": {}}}
    assert scene.steps[0].on == "h1"


def test_a_background_step_ends_after_the_step_it_waits_for(write: Write) -> None:
    scene = read(write, WHOLE)
    assert [step.id for step in scene.as_they_end()] == ["inspect", "ping", "sniff"]


def test_on_off_and_times_stay_words(write: Write) -> None:
    scene = read(write, one_step("on: h1").replace("equals: hello", "equals: 22:22"))
    assert scene.steps[0].on == "h1"
    assert scene.steps[0].expect[0].value == "22:22"


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("equals: true", "equals: false", True),
        ("within: 500ms", "within: 5s", True),
        ("timeout: 2m", "timeout: 1m", True),
        ("ping -c 1", "ping -c 2", False),
        ("h1/web", "h2", False),
        ("State.Pid", "Id", False),
        ("dockerd: off", "dockerd: {}", False),
        ("until: ping", "until: inspect", False),
    ],
)
def test_the_digest_is_of_what_determines_the_outputs(
    write: Write, before: str, after: str, same: bool
) -> None:
    text = WHOLE.replace('expect: [{contains: "@{target} > "}]', "expect: [{contains: IP}]")
    assert before in text
    old, new = read(write, text), read(write, text.replace(before, after))
    assert (old.digest == new.digest) is same


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "steps:\n- id: a: b\n",
            "docs/scenes/x.yml:2: broken YAML: mapping values are not allowed",
        ),
        ("", "docs/scenes/x.yml:1: a scene is a mapping"),
        (b"steps:\n- {id: \xff}\n", "docs/scenes/x.yml:2: this is not UTF-8"),
        (one_step("run: again"), 'docs/scenes/x.yml:5: "run" is here twice, first on line 3'),
        (one_step("needs: *all"), "docs/scenes/x.yml:5: *all is an alias"),
        ("[" * 100_000, "docs/scenes/x.yml:1: this is more than 32 levels deep"),
        (one_step("needs: !!python/name:os.system x"), "docs/scenes/x.yml:5: the tag"),
        (
            one_step("expcet: []"),
            'docs/scenes/x.yml:5: unknown key "expcet": did you mean "expect"?',
        ),
        (one_step("line: 3"), 'docs/scenes/x.yml:5: unknown key "line"'),
        (one_step("needs: [maclan]"), 'unknown need "maclan": did you mean "macvlan"?'),
        (one_step('needs: ["engine=28"]'), 'unknown need "engine=28": did you mean "engine>=28"?'),
        (one_step("timeout: 10"), '"10" is no duration: write 500ms, 10s or 2m'),
        (one_step("within: 0s"), '"0s" is no duration'),
        (
            one_step("on: h2"),
            'docs/scenes/x.yml:5: this scene has no host "h2": write one of h1, lan',
        ),
        (one_step('capture: {a: "("}'), "this regex does not compile"),
        (one_step('capture: {a: {json: "["}}'), "this jmespath does not compile"),
        (one_step("capture: {a: {regex: x, json: y}}"), "a capture is a regex, or"),
        (one_step("background: {ready: x, until: two}"), 'no later step has the id "two"'),
        (one_step("background: {ready: x}"), 'docs/scenes/x.yml:5: "until" is missing'),
        (one_step("").replace("echo hello", '" "'), '"run" is blank'),
        (one_step("").replace("echo hello", '"a\\0b"'), "NUL character"),
        (one_step("").replace("equals: hello", "equals: 404"), "put 404 in quotes"),
        (
            one_step("").replace("equals: hello", "contains: a, absent: b"),
            "says absent and contains",
        ),
        (one_step("").replace("equals: hello", "json: a, exit: 1"), "beside json write"),
        (one_step("").replace("equals: hello", 'contains: ""'), '"contains" is empty'),
        (one_step("").replace("equals: hello", "exit: 0"), "this scene can fail in no way"),
        ("hosts: [h1, h3]\n" + one_step(""), '"hosts" are h1 to h9, in order: write h1, h2'),
        ('engine: "27"\n' + one_step(""), 'no engine "27"'),
        ("engine: 28\n" + one_step(""), '"engine" is 28: it must be text, in quotes'),
        ("timeout: 6m\n" + one_step(""), "a scene may take at most 300s"),
        ("steps: []\n", '"steps" is empty'),
    ],
)
def test_a_mistake_says_where_and_what_to_write_instead(
    write: Write, text: str | bytes, told: str
) -> None:
    (said,) = mistakes(write, text)
    assert told in said


def test_all_mistakes_of_a_file_are_told_in_the_order_of_its_lines(write: Write) -> None:
    told = mistakes(
        write,
        """\
steps:
  - id: one
    run: echo @{pid} @{nothing}
    expect: [{contains: 5}, {equals: "@{own}"}]
    capture: {own: x}
  - id: one
    runn: true
  - id: two
    on: h4
    run: "true"
    capture: {pid: x, own: y}
""",
    )
    assert [line.removeprefix("docs/scenes/x.yml:").split(":")[0] for line in told] == [
        "3", "3", "4", "6", "6", "7", "9", "11"
    ]  # fmt: skip
    assert "@{nothing} is never taken" in told[0]
    assert "@{pid} is used before it is taken, by the step of line 8" in told[1]
    assert '"own" is taken on line 2 already' in told[7]


@pytest.mark.parametrize(
    "user", ["run: echo @{late}", "run: 'true'\n  expect: [{equals: '@{late}'}]"]
)
def test_what_a_background_step_takes_is_there_after_its_end_only(write: Write, user: str) -> None:
    text = f"""\
steps:
- id: sniff
  run: tcpdump
  background: {{ready: listening, until: two}}
  expect: [{{contains: x}}]
  capture: {{late: x}}
- id: one
  {user}
- id: two
  run: "true"
"""
    (said,) = mistakes(write, text)
    assert "@{late} is used before it is taken, by the step of line 2" in said
    assert read(write, text.replace(user, "run: 'true'") + f"- id: three\n  {user}\n")


def test_a_value_that_a_background_step_waits_for_is_taken_before(write: Write) -> None:
    text = """\
steps:
- {id: ip, run: hostname -I, capture: {ip: "(.+)"}, expect: [{contains: "172"}]}
- {id: sniff, run: tcpdump, background: {ready: "at @{ip}", until: two}}
- {id: two, run: "true"}
"""
    assert read(write, text)
    (said,) = mistakes(write, text.replace("@{ip}", "@{pi}"))
    assert "@{pi} is never taken" in said


def test_what_a_reader_must_change_is_a_word_of_the_command(write: Write) -> None:
    text = "steps:\n- {id: a, run: ping -I eth0 h1, yours: {eth0: card}, expect: [{contains: x}]}\n"
    assert read(write, text)
    (said,) = mistakes(write, text.replace("-I eth0", "-I veth0"))
    assert '"yours" names "eth0", which is not in "run"' in said


def test_mistakes_of_all_files_come_at_once(write: Write, tmp_path: Path) -> None:
    write(one_step(""), "fine.yml")
    write(one_step("onn: h1"), "second.yml")
    write("steps: 5", "first.yml")
    write("", "third.yaml")
    with pytest.raises(Mistakes) as caught:
        load_all(tmp_path, ["fine", "first", "second", "fein"])
    assert [mistake.path for mistake in caught.value.mistakes] == [
        "docs/scenes", "docs/scenes/first.yml", "docs/scenes/second.yml", "docs/scenes/third.yaml"
    ]  # fmt: skip
    assert 'no scene "fein": did you mean "fine"?' in str(caught.value)


def test_only_the_scenes_that_are_named_are_read(write: Write, tmp_path: Path) -> None:
    write(one_step(""), "fine.yml")
    write("steps: 5", "wrong.yml")
    assert list(load_all(tmp_path, ["fine"])) == ["fine"]


def test_the_schema_knows_the_keys_and_how_values_are_written() -> None:
    step = schema()["$defs"]["Step"]["properties"]
    assert json.loads(json.dumps(schema())) == schema()
    assert step["timeout"]["default"] == "30s"
    assert "line" not in step
    assert "json" in schema()["$defs"]["Expectation"]["properties"]
