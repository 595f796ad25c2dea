"""A small project with the real configuration and theme, and reports made up here."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from macros import languages
from macros.model import Held, Mode, Provenance, Report, Span, StepReport, Verdict

REPOSITORY = Path(__file__).parents[1]
LANGUAGES = languages.read(REPOSITORY)
WORDS = {code: language.words for code, language in LANGUAGES.items()}
ZH, EN = WORDS["zh"], WORDS["en"]
BY = Provenance(
    engine="28.5.2",
    containerd="1.7.24",
    runc="1.3.3",
    kernel="6.12.48",
    firewall="iptables (nf_tables)",
    iptables="1.8.11",
    iproute2="6.16.0",
    image=f"sha256:{0x0F1E2D:064x}",
)
DOCKER0 = (
    "3: docker0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN\n"
    "    link/ether 02:42:9a:5c:11:0e brd ff:ff:ff:ff:ff:ff\n"
    "    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\n"
    "       valid_lft forever preferred_lft forever\n"
    "    inet6 fe80::42:9aff:fe5c:110e/64 scope link\n"
)
BRIEF = (
    "lo               UNKNOWN        127.0.0.1/8 ::1/128\n"
    "eth0@if4         UP             198.51.100.11/24\n"
    "docker0          UP             172.17.0.1/16\n"
    "veth1a2b3c4@if2  UP\n"
)
RUN = "docker run -d --name web \\\n  -p 8080:80 busybox httpd -f"
VALUE = "a|b *c* `d` <i> {#x} :smile: _u_\u202e http://x.y"
NASTY = (
    "<script>alert(1)</script> </code></pre></figure> <b>bold</b> & &amp; &#60;\n"
    "\n"
    "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07\n"
    "\x00 \x02amp\x03 \x7f \x9b1m\n"
    "abc\u202edef\u2066 zero\u200bwidth\ufeff\u00ad sep\u2028par\u2029 byte\udcff\n"
    "*em* _em_ **strong** `code` :smile: [^1] ==mark== ++key++ {#id} [a](b) ![i](j) $x$ ~~s~~\n"
    "```\nfence\n```\n\n\n"
    "    indented\n\ttabbed\tcells\n"
    "# heading\n- item\n| a | b |\n|---|---|\n"
    "{{{ steps('x', 'y') }}} {{ 7*7 }} {% raw %} <!-- comment --> https://example.org\n"
    "carriage\rreturn \\* \\n end"
)


def step(id: str, command: str, output: str = "", **more: Any) -> StepReport:
    held = (Held("contains", id, 7, True),)
    return StepReport(id, "h1", command, output, 0, Verdict.PASSED, held=held, **more)


def report(scene: str, *steps: StepReport, mode: Mode = Mode.VERIFY, **more: Any) -> Report:
    return Report(scene, mode, "2026-11-24T02:05:00Z", BY, steps, **more)


MAC = Span(DOCKER0.index("02:42"), DOCKER0.index(" brd"), "mac")
BRIDGE = report(
    "bridge",
    step("docker0", "ip addr show docker0", DOCKER0, spans=(MAC,)),
    step("brief", "ip -br address", BRIEF),
    step("run", RUN, "4f1c\n", spans=(Span(0, 4, "container_id"),)),
    step("long", "seq 60", "".join(f"{n}\n" for n in range(1, 61))),
    values=(("gateway", "172.17.0.1"), ("nasty", VALUE)),
)
WEIRD = report("nasty", step("print", "cat nasty", NASTY))
REPORTS = {"bridge": BRIDGE, "nasty": WEIRD}

PAGES = {
    "index.md": "---\ntitle: HOME\ndescription: TEXT\n---\n\n# HOME {#home}\n\nTEXT\n",
    "modes/index.md": """\
---
title: MODES
description: TEXT
---

# MODES {#modes}

| a | b |
|---|---|
| x | {{{ value("bridge", "gateway") }}} |
""",
    "modes/bridge.md": """\
---
title: BRIDGE
description: TEXT
---

# BRIDGE {#bridge}

TEXT {{{ value("bridge", "nasty") }}}.

{{{ steps("bridge", "docker0", "run") }}}

## AGAIN {#again}

{{{ steps("bridge", "docker0") }}}

{{{ steps("bridge", "brief") }}}

{{{ steps("bridge", "long") }}}

{{{ steps("nasty", "print") }}}

`{{.State.Pid}}` and `[[ -f x ]]` and {{json .}}
""",
}
TEXTS = {
    "zh": {"HOME": "首页", "TEXT": "正文。", "MODES": "模式", "BRIDGE": "网桥", "AGAIN": "再来"},
    "en": {"HOME": "Home", "TEXT": "Text.", "MODES": "Modes", "BRIDGE": "Bridge", "AGAIN": "Again"},
}


def configure(root: Path, nav: str) -> None:
    """Our configuration, theme and macros in a directory, with a navigation of its own."""
    (root / "docs").mkdir(parents=True, exist_ok=True)
    (root / "macros").symlink_to(REPOSITORY / "macros")
    for name in ("docs/theme", "docs/words"):
        shutil.copytree(REPOSITORY / name, root / name)
    for name in (language.config for language in LANGUAGES.values()):
        config = (REPOSITORY / name).read_text("utf-8")
        (root / name).write_text(re.sub(r"nav:\n(?:  .*\n)+", f"nav:\n{nav}", config), "utf-8")


def make(root: Path) -> Path:
    """A project in a directory of its own, with small pages in both languages."""
    configure(root, "  - index.md\n  - Modes: [modes/index.md, modes/bridge.md]\n")
    for language in LANGUAGES:
        texts = TEXTS.get(language, TEXTS["en"])
        for name, text in PAGES.items():
            page = root / "docs" / language / name
            page.parent.mkdir(parents=True, exist_ok=True)
            for word, translated in texts.items():
                text = text.replace(word, translated)
            page.write_text(text, "utf-8")
    return root
