"""Forged transcripts, resealed, and hostile outputs: refused with the file, or text on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from macros import outcome
from macros.commands.summary import summary
from macros.errors import Exit
from macros.model import Came, Held, Mode, Provenance, Reason, Report, StepReport, Verdict
from macros.outcome import Order, Outcome
from macros.pages import console, evidence, raw
from macros.scenes import scene
from macros.scenes.scene import Scene
from macros.site import toplevel
from macros.verdicts import transcript

from .inert import active
from .pages_project import BRIDGE, BY, WORDS, report, step

YML = """\
hosts: [h1, h2]
steps:
  - id: run
    run: docker run -d --name web busybox httpd -f
    topology: true
    expect: [{contains: "4f"}]
    capture: {id: "(4f\\\\S+)"}
  - id: look
    run: docker inspect @{id}
    within: 5s
    expect: [{contains: "id"}]
  - id: other
    run: ip link
    needs: [macvlan]
    expect: [{contains: "lo"}]
"""
KERNEL = BY.kernel
GOOD: dict[str, Any] = {
    "scene": "gate",
    "digest": "",
    "recorded": "2026-11-24T02:05:00Z",
    "provenance": asdict(BY),
    "results": [
        {
            "step": "run",
            "command": "docker run -d --name web busybox httpd -f",
            "output": ["4f1c2a\n"],
            "exit": 0,
            "ended": "exit",
            "topology": [
                "h1 (host) default via 198.51.100.1",
                "  eth0 veth UP 02:00:5e:00:53:0b 198.51.100.11/24 peer lan:h1",
                "h1/web (container, web) default via 172.17.0.1",
                "h1 0.0.0.0:8080 -> web 80/tcp",
            ],
        },
        {
            "step": "look",
            "command": "docker inspect 4f1c2a",
            "output": ["the id\n"],
            "exit": 0,
            "ended": "exit",
            "tries": 2,
        },
    ],
    "skipped": {"other": ["kernel", KERNEL, "macvlan"]},
}
Forge = Callable[[dict[str, Any]], object]


def put(*way: str | int, to: object) -> Forge:
    """A forger that writes a value at a place."""

    def forge(raw: dict[str, Any]) -> None:
        place: Any = raw
        for one in way[:-1]:
            place = place[one]
        place[way[-1]] = to

    return forge


def drop(*way: str | int) -> Forge:
    """A forger that takes away what is at a place."""

    def forge(raw: dict[str, Any]) -> None:
        place: Any = raw
        for one in way[:-1]:
            place = place[one]
        del place[way[-1]]

    return forge


R, P, TOPOLOGY = "results", "provenance", ("results", 0, "topology")
SCRIPT = "<script>alert(1)</script>"
FORGED: dict[str, Forge] = {
    "script as engine": put(P, "engine", to=SCRIPT),
    "engine with a tail": put(P, "engine", to="28.5.2\n"),
    "engine of other digits": put(P, "engine", to="٢٨.٥"),
    "script as kernel": put(P, "kernel", to=f"6.1{SCRIPT}"),
    "kernel of a kilobyte": put(P, "kernel", to="6" * 1000),
    "script as package": put(P, "package", to=f"docker.io {SCRIPT}"),
    "a made-up firewall": put(P, "firewall", to="iptables (<b>)"),
    "image that is no digest": put(P, "image", to="docker-networking-docs:latest"),
    "a number for a version": put(P, "runc", to=1.3),
    "an unknown field of provenance": put(P, "signed", to="Docker Inc."),
    "no engine": drop(P, "engine"),
    "script as date": put("recorded", to=f"2026-11-24T{SCRIPT}"),
    "a day that is none": put("recorded", to="2026-02-31T00:00:00Z"),
    "a date without its zone": put("recorded", to="2026-11-24T02:05:00"),
    "an unknown field": put("note", to="believe me"),
    "other digest": put("digest", to="sha256:xyz"),
    "no results": drop(R),
    "results by name": put(R, to={}),
    "no command": put(R, 0, "command", to=""),
    "another command": put(R, 0, "command", to="rm -rf / # not what ran"),
    "a command with a blank more": put(R, 0, "command", to=GOOD[R][0]["command"] + " "),
    "the command with its capture unfilled": put(R, 1, "command", to="docker inspect @{id}"),
    "the command with another capture": put(R, 1, "command", to="docker inspect 4f0000"),
    "an endless command": put(R, 0, "command", to="x" * 100_000),
    "an unknown field of a result": put(R, 0, "html", to=SCRIPT),
    "output as text": put(R, 0, "output", to="4f1c2a\n"),
    "output of numbers": put(R, 0, "output", to=[4]),
    "two lines in one": put(R, 0, "output", to=["4f1c2a\nx\n"]),
    "a line without its end": put(R, 0, "output", to=["4f", "1c2a\n"]),
    "more than a step may print": put(R, 0, "output", to=["4f1c2a\n"] * 50_000),
    "bytes of no host": put(R, 0, "output", to=["4f\ud800\n"]),
    "exit status as text": put(R, 0, "exit", to="0"),
    "exit status true": put(R, 0, "exit", to=True),
    "exit status 1e3": put(R, 0, "exit", to=1000),
    "exit status 0.0": put(R, 0, "exit", to=0.0),
    "an unknown end": put(R, 0, "ended", to="passed"),
    "no tries": put(R, 1, "tries", to=0),
    "tries as text": put(R, 1, "tries", to=SCRIPT),
    "tried more than once without within": put(R, 0, "tries", to=3),
    "a step of another scene": put(R, 0, "step", to="format-disk"),
    "script as step": put(R, 0, "step", to=SCRIPT),
    "a step twice": lambda raw: raw[R].append(raw[R][1]),
    "steps in another order": lambda raw: raw[R].reverse(),
    "a step left out": drop(R, 1),
    "a step that ran and was skipped": put("skipped", "run", to=["kernel", KERNEL, "bridge"]),
    "skipped for a made-up reason": put("skipped", "other", to=["fine", SCRIPT]),
    "skipped for another kernel": put("skipped", "other", to=["kernel", "1.0", "macvlan"]),
    "skipped in words": put("skipped", "other", to=f"the kernel {KERNEL} has no macvlan"),
    "skipped without need": lambda raw: (
        raw[R].pop(),
        raw["skipped"].update(look=["value", "id"]),
    ),
    "no topology": drop(*TOPOLOGY),
    "a topology that nobody asked for": put(R, 1, "topology", to=["h1 (host)"]),
    "a topology of 20,000 lines": put(*TOPOLOGY, to=["h1 (host)"] * 20_000),
    "a namespace twice": put(*TOPOLOGY, to=["h1 (host)"] * 2),
    "an address of two lines": put(*TOPOLOGY, to=["h1 (host)", "  a veth UP 1/2\n x"]),
    "a line of a topology without end": put(*TOPOLOGY, to=[f"h1 (host{', a' * 50_000})"]),
    "a topology of a host that is none": put(*TOPOLOGY, to=["h9 (host)"]),
    "a topology of words": put(*TOPOLOGY, to=["all is well"]),
    "an interface joined to nothing": put(*TOPOLOGY, to=["h1 (host)", "  a veth UP peer"]),
    "a topology with script": put(*TOPOLOGY, to=["h1 (host)", f"  {SCRIPT} veth UP", "x"]),
    "an interface written otherwise": put(*TOPOLOGY, to=["h1 (host)", "  a  veth  up"]),
    "bidi in a topology": put(*TOPOLOGY, to=["h1/\u202ebew (container, web)"]),
    "a tunnel of 5000 digits": put(*TOPOLOGY, to=["h1 (host)", f"  a vxlan UP vni {'9' * 900}"]),
}


def project(root: Path) -> dict[str, Scene]:
    (root / "docs/scenes").mkdir(parents=True)
    (root / "docs/transcripts").mkdir()
    (root / "docs/scenes/gate.yml").write_text(YML)
    return scene.load_all(root)


def forged(root: Path, forge: Forge) -> str:
    """What is said of a transcript that was changed, and sealed again, by who knows how."""
    scenes = project(root)
    said = json.loads(json.dumps(GOOD)) | {"digest": scenes["gate"].digest}
    forge(said)
    said["seal"] = transcript.seal(said)
    (root / "docs/transcripts/gate.json").write_text(json.dumps(said))
    known = outcome.recordings(root, scenes)
    concluded = outcome.conclude(Order(root, Mode.REPLAY), scenes, known)
    assert bool(concluded.unrecorded) is (concluded.status is Exit.UNRECORDED)
    return "\n".join(concluded.unrecorded)


def test_what_the_forgeries_are_made_of_is_believed(tmp_path: Path) -> None:
    assert forged(tmp_path, lambda raw: None) == ""


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_transcript_is_refused_with_its_file_and_the_cure(
    tmp_path: Path, name: str
) -> None:
    said = forged(tmp_path, FORGED[name])
    assert re.match(r"docs/(transcripts/gate\.json|scenes/gate\.yml): ", said), said
    assert said.endswith("; scripts/build --record gate")
    assert "\n" not in said
    assert said.isprintable()
    assert len(said) < 400


FILES: dict[str, bytes] = {
    "empty": b"",
    "cut": b'{"scene": "gate", "digest"',
    "binary": bytes(range(256)),
    "UTF-16": json.dumps(GOOD).encode("utf-16"),
    "a list": b"[]",
    "null": b"null",
    "deep": b"[" * 200_000,
    "a key twice": json.dumps(GOOD).replace('"scene"', '"scene": "x", "scene"', 1).encode(),
    "an endless number": b'{"scene": ' + b"9" * 5000 + b"}",
    "infinity": b'{"scene": 1e999}',
    "huge": b" " * (9 << 20),
    "no seal": json.dumps(GOOD).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_transcript_is_refused(tmp_path: Path, name: str) -> None:
    scenes = project(tmp_path)
    (tmp_path / "docs/transcripts/gate.json").write_bytes(FILES[name])
    known = outcome.recordings(tmp_path, scenes)
    assert known.transcripts == {}
    said = known.unreadable["gate"]
    assert said.startswith("docs/transcripts/gate.json: this is no transcript, ")
    assert said.endswith("; scripts/build --record gate")
    assert len(said) < 400


@pytest.mark.parametrize("target", ["/proc/self/environ", "/nonexistent", "."])
def test_a_transcript_that_is_a_link_is_not_followed(tmp_path: Path, target: str) -> None:
    scenes = project(tmp_path)
    (tmp_path / "docs/transcripts/gate.json").symlink_to(target)
    known = outcome.recordings(tmp_path, scenes)
    assert "no file of its own" in known.unreadable["gate"]


def test_no_run_is_skipped_for_a_reason_that_no_transcript_may_give(tmp_path: Path) -> None:
    """The rig's words for what it skips are those that a transcript is held to."""
    from macros.rigs.run import missing_needs
    from macros.verdicts.belief import reasons

    class Lacking:
        def missing(self, kinds: list[str]) -> frozenset[str]:
            return frozenset(kinds)

    project(tmp_path)
    yml = tmp_path / "docs/scenes/gate.yml"
    yml.write_text(YML.replace("[macvlan]", "[macvlan, 'engine<28']"))
    one = scene.load_all(tmp_path)["gate"]
    rig: Any = Lacking()
    said: Any = missing_needs(one, rig, BY)
    kept = transcript.from_plain(GOOD)
    assert set(said.values()) <= set(reasons(one, one.steps[2], kept, {}))


OUTPUTS: dict[str, str] = {
    "a script": "</code></samp></pre><script>alert(1)</script>\n",
    "a handler": "<img src=x onerror=alert(1)>\n",
    "an attribute's end": "\" onmouseover=alert(1) x='\n",
    "a comment": "<!-- --!><script>alert(1)</script>-->\n",
    "CDATA": "<![CDATA[<script>alert(1)</script>]]>\n",
    "a link of a terminal": "\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07\n",
    "colours": "\x1b[31mred\x1b[0m\x1b[2J\n",
    "a window's title": "\x1b]0;evil\x07\n",
    "a carriage return": "good\rbad\n",
    "backspaces": "rm -rf /\b\b\b\b\b\b\b\bls\n",
    "bidi": "abc\u202edef\u2066\n",
    "nothing wide": "a\u200bb\ufeffc\u00ad\n",
    "tags of Unicode": "a\U000e0041\U000e007f\n",
    "NUL": "a\x00b\n",
    "C1": "\x9b31m\x90\x9c\n",
    "bytes": "\udcff\udc80\n",
    "separators": "a\u2028b\u2029c\x85d\n",
    "Markdown": "# h {#id}\n```\n[a](javascript:x) ![b](c) <https://x> [^1]\n",
    "Jinja": "{{{ steps('a','b') }}} {{% raw %}} {{ 7*7 }}\n",
    "entities": "&lt;script&gt; &#60;script&#62; &amp;\n",
    "an admonition": '!!! not-run "x"\n\n    <script>\n',
    "GitHub's commands": "::error file=x::y\n::stop-commands::z\n::set-output name=a::b\n",
    "a long line": "a" * 100_000 + "\n",
    "many lines": "a\n" * 20_000,
    "a form": "<form action=//evil><button formaction=javascript:x>\n",
    "a base": "<base href=//evil><meta http-equiv=refresh content=0>\n",
    "mermaid": '<pre class="mermaid">graph TD</pre>\n',
    "a picture": "<svg onload=alert(1)><a xlink:href=javascript:x>\n",
    "our own mark": '<figure class="scene"><details class="proof verified">Verified</details>\n',
    "what Markdown keeps for itself": "\x02wzxhzdk:0\x03 \x02amp\x03\n",
}


def seen(text: str) -> tuple[Report, StepReport]:
    """A failed and drifted step that printed, ran and says a text, as all else does."""
    named = Provenance(*[text] * 9)
    why = Reason("broken", (text,))
    held = (Held("contains", text, 3, False, Came(text, why=why)),)
    one = step("a", f"echo {text}", text, diff=f"-{text}\n+{text}", reason=why, tries=2)
    one = replace(one, verdict=Verdict.FAILED, exit=1, other=text, held=held)
    said = report("bridge", one, mode=Mode.REPLAY, values=(("v", text),))
    return replace(said, provenance=named, when=text, notes=(why,)), one


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("name", OUTPUTS)
def test_what_a_host_prints_is_text_wherever_it_is_shown(name: str, language: str) -> None:
    text, words = OUTPUTS[name], WORDS[language]
    said, one = seen(text)
    for verdict in (Verdict.PASSED, Verdict.FAILED, Verdict.DRIFTED, Verdict.UNSTEADY):
        each = replace(one, verdict=verdict)
        shown = console.console(replace(said, steps=(each,)), [each], words, set())
        assert active(shown) == []
        assert "\n" not in shown
        assert re.findall(r'class="scene (\w+)', shown) == [standing(verdict)]
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert active(console.value(text)) == []
    told = evidence.printer(said, words) + evidence.table(said, {}, words)
    assert active(told) == []
    assert "\n" not in told


def standing(verdict: Verdict) -> str:
    return "recorded" if verdict is Verdict.PASSED else verdict


@pytest.mark.parametrize("name", OUTPUTS)
def test_what_a_host_prints_reaches_no_terminal_and_no_log_raw(name: str, tmp_path: Path) -> None:
    said, _ = seen(OUTPUTS[name])
    lines = list(summary(Outcome({"bridge": said}, Exit.FAILED, site=tmp_path / "site")))
    for line in lines:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", line)
        assert not line.startswith("::")


@pytest.mark.parametrize("name", OUTPUTS)
def test_what_machines_read_is_json_and_plain_text(name: str, tmp_path: Path) -> None:
    said, _ = seen(OUTPUTS[name])
    plain = json.dumps(toplevel.verdicts_of({"bridge": said}), ensure_ascii=True)
    assert plain.isascii()
    raw.write(tmp_path / "transcripts", {"bridge": said})
    kept = (tmp_path / "transcripts/bridge.txt").read_bytes()
    assert OUTPUTS[name].encode("utf-8", "surrogateescape") in kept


def test_there_are_enough_of_them() -> None:
    assert len(FORGED) + len(FILES) + 3 + len(OUTPUTS) >= 90
    assert BRIDGE.steps
