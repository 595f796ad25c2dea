"""Scene files of a stranger: refused with file and line, at once, and nothing of them runs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from macros.errors import Exit, Mistakes
from macros.scenes import scene

PATH = "docs/scenes/evil.yml"
STEP = "steps:\n  - id: a\n    run: echo a\n    expect:\n      - contains: a\n"
LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}, *{before}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def run(text: str) -> str:
    return STEP.replace("echo a", text)


def expect(text: str) -> str:
    return STEP.replace("contains: a", text)


SCENES: dict[str, tuple[str | bytes, int]] = {
    "billion laughs": (LAUGHS + STEP, 2),
    "an alias of itself": ("steps: &a [*a]\n", 1),
    "a merge": ("x: &x {id: b}\nsteps:\n  - <<: *x\n    run: a\n", 3),
    "100,000 lists": ("steps: " + "[" * 100_000, 1),
    "100,000 mappings": ("steps: " + "{a: " * 50_000, 1),
    "100,000 lists that end": ("steps: " + "[" * 100_000 + "]" * 100_000, 1),
    "10,000 levels by indentation": (
        "".join(f"{' ' * n}a:\n" for n in range(300)) + STEP,
        33,
    ),
    "a tag of Python": ("steps: !!python/object/apply:os.system ['id']\n", 1),
    "a name of Python": (STEP + "x: !!python/name:os.system\n", 6),
    "a module of Python": (STEP + "x: !!python/module:os\n", 6),
    "a tag of its own": (STEP + "x: !evil y\n", 6),
    "a tag of binary": (STEP + "x: !!binary aGk=\n", 6),
    "a set": (STEP + "x: !!set {a}\n", 6),
    "a document behind another": (STEP + "---\n" + STEP, 6),
    "NUL": (b"steps:\n  - id: a\0b\n", 0),
    "NUL in a command": (run('"echo \\0"'), 3),
    "an escape": (b"steps:\n  - id: \x1b[2J\n", 0),
    "UTF-16": (STEP.encode("utf-16"), 1),
    "UTF-32": (STEP.encode("utf-32"), 1),
    "Latin-1": (b"steps:\n  - id: \xe9\n", 2),
    "half a character": (STEP.encode() + b"# \xf0\x9f\n", 6),
    "bytes": (bytes(range(256)) * 10, 2),
    "empty": ("", 1),
    "a word": ("evil\n", 1),
    "a list": ("- a\n", 1),
    "no steps": ("steps: []\n", 1),
    "steps by name": ("steps: {a: b}\n", 1),
    "a key of a list": ("? [a, b]\n: c\n" + STEP, 1),
    "a key twice": (STEP + "steps: []\n", 6),
    "an unknown key": (STEP + "privileged: true\n", 6),
    "an unknown key of a step": (STEP + "    hidden: true\n", 6),
    "an unknown engine": (STEP + "engine: ../../evil\n", 6),
    "hosts without number": (f"hosts: [{', '.join(f'h{n}' for n in range(1, 99))}]\n" + STEP, 1),
    "a host of another name": ("hosts: ['h1; id']\n" + STEP, 1),
    "a host named by path": ("hosts: [../h1]\n" + STEP, 1),
    "a sysctl of the machine": (
        "hosts:\n  h1:\n    sysctl: {kernel.core_pattern: '|/bin/id'}\n" + STEP,
        3,
    ),
    "a sysctl out of its folder": (
        "hosts:\n  h1:\n    sysctl: {net.../../kernel/core_pattern: x}\n" + STEP,
        3,
    ),
    "a step on the machine": (STEP.replace("run:", "on: machine\n    run:"), 3),
    "a step on a host that is not there": (STEP.replace("run:", "on: h9\n    run:"), 3),
    "a step on a path": (STEP.replace("run:", "on: h1/../../x\n    run:"), 3),
    "a step on an option": (STEP.replace("run:", "on: h1/--privileged\n    run:"), 3),
    "an id of markup": (STEP.replace("id: a", "id: <script>"), 2),
    "an id of a path": (STEP.replace("id: a", "id: ../../x"), 2),
    "an id of two lines": (STEP.replace("id: a", 'id: "a\\n::error::b"'), 2),
    "a blank command": (run('"  "'), 3),
    "a command that is a list": (run("[rm, -rf, /]"), 3),
    "5000 brackets": (expect(f"matches: '{'(' * 5000}'"), 5),
    "5000 groups": (expect(f"matches: '{'(' * 5000 + 'a' + ')' * 5000}'"), 5),
    "an endless repeat": (expect("matches: 'a{99999999999999999999}'"), 5),
    "a regex that does not compile": (expect("matches: '['"), 5),
    "10,000 brackets of JMESPath": (
        expect(f"json: '{'[' * 10_000}'\n        equals: 1"),
        5,
    ),
    "10,000 parentheses of JMESPath": (
        expect(f"json: '{'(' * 10_000}'\n        equals: 1"),
        5,
    ),
    "an endless number": (expect(f"exit: {'9' * 5000}"), 5),
    "exit 1000": (expect("exit: 1000"), 5),
    "infinity": (expect("exit: 1e999"), 5),
    "what nothing could break": (expect("contains: ''"), 5),
    "a time without end": (STEP + "timeout: 9999999s\n", 6),
    "a time below nothing": (STEP + "timeout: -1s\n", 6),
    "a capture of markup": (STEP + "    capture: {'<script>': a}\n", 6),
    "a capture that no step takes": (run("echo @{evil}"), 3),
    "a need of its own": (STEP + "needs: [kvm]\n", 6),
    "a need that is no version": (STEP + "needs: ['engine>=1; id']\n", 6),
    "a big file": (STEP + "#" * (1 << 20), 0),
    "a big scalar": (run('"' + "a" * (1 << 20) + '"'), 0),
}


@pytest.mark.parametrize("name", SCENES)
def test_a_hostile_scene_is_refused_with_its_place_at_once(tmp_path: Path, name: str) -> None:
    source, line = SCENES[name]
    path = tmp_path / PATH
    path.parent.mkdir(parents=True)
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    start = time.process_time()
    scenes, wrong = scene.read_all(tmp_path)
    assert scenes == {}
    assert wrong
    assert {one.path for one in wrong} == {PATH}
    assert not line or line in [one.line for one in wrong], wrong
    said = str(Mistakes(wrong))
    assert Mistakes.status is Exit.WRONG
    assert all(one.startswith((PATH, "  ")) and one.isprintable() for one in said.splitlines())
    assert time.process_time() - start < 20  # of a processor; the slowest takes a tenth of that


NAMES = [
    "Evil.yml", "a b.yml", "-rf.yml", "..yml", ".hidden.yml", "a_b.yml", "a.b.yml", "网.yml",
    "<script>.yml", "a;id.yml", "$(id).yml", "a\n::error::b.yml", "a\x1b[2J.yml", "a\udcff.yml",
    "a\u202eb.yml", "x.yaml", "1.yml",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_has_a_plain_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "docs/scenes" / name
    path.parent.mkdir(parents=True)
    path.write_text(STEP)
    _, wrong = scene.read_all(tmp_path)
    assert [one for one in wrong if "name" in one.what], wrong
    said = str(Mistakes(wrong)).splitlines()
    assert all(one.startswith("docs/scenes/") and one.isprintable() for one in said)


def test_there_are_enough_of_them() -> None:
    assert len(SCENES) + len(NAMES) >= 80
