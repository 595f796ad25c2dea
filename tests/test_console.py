"""Console blocks as strings: what is escaped, marked, folded, and said of a step."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import get_args

import pytest

from macros import markup, phrases
from macros.languages import Words
from macros.markup import tokens
from macros.model import Came, Held, HostOption, Mode, Reason, Span, Verdict
from macros.pages import boilerplate, console, fold, raw
from macros.pages.proof import details
from macros.pages.ways import Ways
from macros.scenes.values import Yours
from macros.verdicts.volatile import RULES

from .pages_project import BRIDGE, BY, DOCKER0, EN, NASTY, WEIRD, WORDS, ZH, report, step

TAG = re.compile(r"<[^>]*>")
UNSEEN = "\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"


def text(drawn: str) -> str:
    return html.unescape(TAG.sub("", drawn))


def block(*ids: str) -> str:
    steps = [each for each in BRIDGE.steps if each.id in ids]
    return console.console(BRIDGE, steps, EN, set())


def test_a_block_is_one_line_of_html_so_that_markdown_sees_nothing_in_it() -> None:
    drawn = console.console(WEIRD, WEIRD.steps, EN, set())
    assert not re.search(f"[{UNSEEN}]", drawn)
    assert "<script" not in drawn
    assert drawn.count("</figure>") == 1


def test_plain_output_is_shown_byte_for_byte() -> None:
    assert text(markup.painted(DOCKER0)) == DOCKER0


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\x1b", "^["), ("\x00", "^@"), ("\r", "^M"), ("\x7f", "^?"), ("\x9b", "U+009B"),
        ("\u202e", "U+202E"), ("\u2066", "U+2066"), ("\u200b", "U+200B"), ("\ufeff", "U+FEFF"),
        ("\u2028", "U+2028"), ("\u3164", "U+3164"), ("\U000e0041", "U+E0041"), ("\udcff", "\\xFF"),
    ],
)  # fmt: skip
def test_a_character_that_one_would_not_see_is_named(char: str, name: str) -> None:
    for drawn in (markup.escape(char), markup.prose(char)):
        assert text(drawn) == name
        assert char not in drawn


def test_a_value_in_a_sentence_has_no_character_of_markdown_or_a_table() -> None:
    value = "a|b *c* `d` <i> {#x} :smile: _u_ [x](y) http://x.y\n"
    drawn = markup.prose(value)
    assert not re.search(r"[^0-9A-Za-z &#;]", drawn)
    assert html.unescape(drawn) == value


def test_a_step_has_its_id_the_first_time_it_is_shown_only() -> None:
    shown: set[str] = set()
    first = console.console(BRIDGE, BRIDGE.steps[:1], EN, shown)
    second = console.console(BRIDGE, BRIDGE.steps[:1], EN, shown)
    assert 'id="bridge-docker0"' in first
    assert " id=" not in second
    assert 'href="#bridge-docker0"' in second


def test_the_prompt_names_the_host_where_there_is_more_than_one() -> None:
    two = replace(BRIDGE, hosts=("h1", "h2"))
    assert text(console.console(two, two.steps[:1], EN, set())).startswith("h1 $ ip addr")
    on_wire = replace(BRIDGE.steps[0], on="lan")
    assert text(console.console(BRIDGE, [on_wire], EN, set())).startswith("lan $ ip addr")


def test_what_varies_is_marked_in_the_readers_language() -> None:
    mac = Span(0, 17, "mac")
    drawn = markup.painted("02:42:9a:5c:11:0e x", [mac], ZH)
    assert drawn == (
        '<span class="mac v" title="MAC 地址：在你的机器上会不同">02:42:9a:5c:11:0e</span> x'
    )


def test_every_rule_of_the_normalizer_has_words_in_both_languages() -> None:
    names = {rule.name for rule in RULES}
    for words in WORDS.values():
        assert words.volatile.keys() - {"other"} == names


def test_a_long_output_is_folded_and_nothing_of_it_is_lost() -> None:
    drawn = block("long")
    assert '<details class="rest"><summary aria-label="Show 52 more lines"></summary>' in drawn
    assert text(drawn).startswith("$ seq 60\n" + "".join(f"{n}\n" for n in range(1, 61)))


def folds(kind: str, sought: object, *values: str) -> list[tuple[int, int, bool]]:
    """How an output of 40 numbered lines folds: [start, end) and whether it is folded."""
    output = "".join(f"line {number}.\n" for number in range(40))
    start = output.find(str(sought))
    rests = (start, start + len(str(sought))) if kind == "contains" else None
    long = replace(step("x", "cat", output), held=(Held(kind, sought, 7, True, rests=rests),))
    return [(run.start, run.end, run.folded) for run in fold.runs(long, values)]


def test_the_lines_that_an_expectation_speaks_of_stay_open() -> None:
    around_20 = [(0, 4, False), (4, 19, True), (19, 22, False), (22, 40, True)]
    assert folds("contains", "line 20.") == around_20
    assert folds("exit", 0, "line 20.") == around_20
    assert folds("absent", "line 40.") == [(0, 40, False)]
    assert folds("exit", 1) == [(0, 8, False), (8, 40, True)]


def test_a_line_that_a_value_was_taken_from_stays_open_and_all_lines_of_what_is_asserted() -> None:
    output = "".join(f"line {number}.\n" for number in range(60))
    start, end = output.index("20."), output.index("e 24.")
    held = (Held("matches", "x", 7, True, rests=(start, end)),)
    taken = (Span(output.index("40."), output.index("40.") + 2, "n"),)
    long = replace(step("x", "cat", output), held=held, taken=taken)
    open_ = [(run.start, run.end) for run in fold.runs(long, []) if not run.folded]
    assert open_ == [(0, 4), (19, 26), (39, 42)]


def test_a_fold_of_few_lines_is_not_worth_it() -> None:
    assert folds("contains", "line 7.") == [(0, 9, False), (9, 40, True)]


def test_why_a_step_did_not_run_is_said_in_the_readers_language() -> None:
    skipped = replace(
        BRIDGE.steps[0], verdict=Verdict.SKIPPED, reason=Reason("kernel", ("6.12.48", "ipvlan"))
    )
    assert "已跳过</span>：内核 6.12.48 没有 ipvlan" in details(BRIDGE, [skipped], ZH)
    assert "Skipped</span>: the kernel 6.12.48 has no ipvlan" in details(BRIDGE, [skipped], EN)


def test_the_proof_links_to_everything_the_scene_printed() -> None:
    drawn = details(BRIDGE, BRIDGE.steps[:1], EN, Ways("../../../"))
    assert 'href="../../../transcripts/bridge.txt"' in drawn
    written = raw.text(BRIDGE)
    assert "# engine: 28.5.2\n" in written
    assert f"\nh1 $ ip addr show docker0\n{DOCKER0}\n" in written


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0", ["ip", "ip", "if"]),
        ("link/ether 02:42:9a:5c:11:0e brd ff:ff:ff:ff:ff:ff", ["mac", "mac"]),
        ("inet6 fe80::42:9aff:fe5c:110e/64", ["ip6"]),
        ("-A DOCKER -j DNAT --to-destination 172.17.0.2:80", ["chain", "target", "ip", "port"]),
        ("veth1a2b3c4@if2: <BROADCAST,UP,LOWER_UP> master br-0a1b", ["if", "up", "up", "if"]),
        ("Docker version 28.5.2, build ecc6942", []),
        ("ports 0.0.0.0:8080->80/tcp, [::]:8080", ["ip", "port", "ip6"]),
        ("[::ffff:172.17.0.1]:38464: GET /host", ["ip6"]),
        ("hello, allow: lower; at 12:30:45", []),
    ],
)
def test_what_is_coloured(said: str, kinds: list[str]) -> None:
    assert [span.rule for span in tokens(said)] == kinds


def test_only_a_run_of_this_build_is_called_verified() -> None:
    line = details(BRIDGE, BRIDGE.steps, EN)
    assert "Verified" in line
    assert "Docker Engine 28.5.2" in line
    assert "2026-11-24" in line
    for words in WORDS.values():
        replayed = details(replace(BRIDGE, mode=Mode.REPLAY), BRIDGE.steps, words)
        assert words.recorded in replayed
        assert words.verified not in replayed


def test_a_block_speaks_of_its_worst_step() -> None:
    good = step("good", "true")
    bad = replace(
        good, verdict=Verdict.FAILED, held=(Held("contains", "x", 3, False, Came("y<b>")),), exit=1
    )
    skipped = replace(good, verdict=Verdict.SKIPPED, reason=Reason("kernel", ("6.12", "ipvlan")))
    failed = details(BRIDGE, [good, skipped, bad], EN)
    assert '<details class="proof failed"' in failed
    assert "y&#60;b&#62;" in failed
    assert "Exit status <code>1</code>" in failed
    assert "Skipped</span>: the kernel 6.12 has no ipvlan" in details(BRIDGE, [good, skipped], EN)


def test_drift_is_shown_with_its_diff() -> None:
    drifted = replace(BRIDGE.steps[0], verdict=Verdict.DRIFTED, diff="--- a\n+++ b\n-old\n+<new>\n")
    drawn = details(BRIDGE, [drifted], EN)
    assert "<del>-old</del>&#10;<ins>+&#60;new&#62;</ins>" in drawn


UNSTEADY = replace(
    step("neigh", "ip neigh", "172.17.0.2 REACHABLE\n172.17.0.3 REACHABLE\n"),
    verdict=Verdict.UNSTEADY,
    other="172.17.0.2 REACHABLE\n172.17.0.3 <FAILED>\n",
)


def test_an_unsteady_step_shows_both_outputs_and_never_counts_as_verified() -> None:
    for words in WORDS.values():
        drawn = console.console(BRIDGE, [BRIDGE.steps[0], UNSTEADY], words, set())
        assert '<figure class="scene unsteady"' in drawn
        assert f"{words.unsteady}</span>{words.colon}{words.wavering}" in drawn
        assert f">{words.verified}<" not in drawn
        assert "<del>-172.17.0.3 &#60;FAILED&#62;</del>&#10;<ins>+172.17.0.3 REACHABLE" in drawn


def test_an_unsteady_step_that_printed_the_same_twice_says_so() -> None:
    alike = replace(UNSTEADY, other=UNSTEADY.output)
    drawn = details(BRIDGE, [alike], EN)
    assert EN.alike in drawn
    assert "<pre class=" not in drawn


def test_the_lines_that_another_run_had_not_stay_open() -> None:
    output = "".join(f"line {number}.\n" for number in range(40))
    other = output.replace("line 20.", "line ~.")
    long = replace(step("x", "cat", output), verdict=Verdict.UNSTEADY, other=other)
    open_ = [(run.start, run.end) for run in fold.runs(long, []) if not run.folded]
    assert open_ == [(0, 4), (19, 22)]


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.DRIFTED, Verdict.UNSTEADY])
def test_what_is_not_to_be_trusted_says_so_over_the_step(verdict: Verdict) -> None:
    good, bad = BRIDGE.steps[0], replace(step("bad", "true", "x\n"), verdict=verdict)
    for words in WORDS.values():
        drawn = console.console(BRIDGE, [good, bad], words, set())
        over = f'<span class="stands {verdict}" data-search-exclude="1">{getattr(words, verdict)}'
        assert drawn.count('<span class="stands') == 1
        assert drawn.index('id="bridge-docker0"') < drawn.index(over) < drawn.index("$ </span>true")
    assert "stands" not in block("docker0", "brief")


def test_a_failed_step_that_never_ran_says_why_in_the_readers_language() -> None:
    late = replace(
        step("late", "true"),
        verdict=Verdict.FAILED,
        held=(Held("timeout", "60s", 3, False, Came(why=Reason("over"))),),
    )
    assert "实际得到：这一步还没开始，场景的时限就到了" in text(details(BRIDGE, [late], ZH))


@pytest.mark.parametrize("kind", EN.reason)
def test_every_reason_has_words_in_every_language(kind: str) -> None:
    came = Came("", 3, Reason(kind, ("1", "2")))
    failed = replace(
        step("x", "true"), verdict=Verdict.FAILED, held=(Held("end", None, 3, False, came),)
    )
    assert markup.escape(phrases.came(came, EN)) in details(BRIDGE, [failed], EN)
    assert not re.search("[a-z]{3} [a-z]{2}", text(details(BRIDGE, [failed], ZH)).split(ZH.ran)[0])


def test_what_was_skipped_is_one_line_without_an_engine_that_printed_nothing() -> None:
    skipped = replace(step("a", "true"), verdict=Verdict.SKIPPED, held=(), reason=Reason("unrun"))
    drawn = details(BRIDGE, [skipped, replace(skipped, id="b")], ZH)
    assert text(drawn).count("没有运行") == 1
    assert "28.5.2" not in drawn
    mixed = details(BRIDGE, [skipped, BRIDGE.steps[0]], ZH)
    assert "Docker Engine 28.5.2" in mixed


def test_a_step_that_took_more_than_one_try_says_which_one_is_shown() -> None:
    third = replace(BRIDGE.steps[0], tries=3)
    assert "Output of the third try" in details(BRIDGE, [third], EN)
    assert "第 3 次尝试的输出" in details(BRIDGE, [third], ZH)
    assert "Output of try 21" in details(BRIDGE, [replace(third, tries=21)], EN)
    assert "try" not in text(details(BRIDGE, BRIDGE.steps[:1], EN)).lower().split("where it ran")[0]


OPTIONS = (
    HostOption("h1", "sysctl", "net.ipv4.ip_forward=0"),
    HostOption("h1", "dockerd", "off"),
    HostOption("h2", "daemon.json", '{"mtu": 1400}'),
)


def test_the_panel_shows_what_was_set_on_each_host() -> None:
    drawn = details(replace(BRIDGE, options=OPTIONS), BRIDGE.steps[:1], EN)
    assert "<dt>h1</dt><dd>sysctl: <code>net.ipv4.ip_forward=0</code></dd>" in drawn
    assert "<dd>dockerd: not running at the start</dd><dt>h2</dt>" in drawn
    assert '<dd>daemon.json: <code>{"mtu": 1400}</code>' in html.unescape(drawn)
    assert 'class="preset"' not in details(BRIDGE, BRIDGE.steps[:1], EN)


def test_the_panel_says_whose_build_of_the_engine_it_is() -> None:
    ways = Ways("../../../", "../../practice/on-your-machine/")
    packed = replace(BRIDGE, provenance=replace(BY, package="docker.io 28.5.2+dfsg4-1"))
    drawn = details(packed, BRIDGE.steps[:1], EN, ways)
    assert "<dt>Package</dt><dd>docker.io 28.5.2+dfsg4-1</dd>" in drawn
    assert 'href="../../practice/on-your-machine/#engine-build"' in drawn
    packed = replace(packed, provenance=replace(BY, package="docker-ce 5:29.1.0-1"))
    drawn = details(packed, BRIDGE.steps[:1], EN, ways)
    assert "The engine 28.5.2 is from the package docker-ce 5:29.1.0-1, not Debian" in drawn
    older = details(BRIDGE, BRIDGE.steps[:1], EN)
    assert "Package" not in older
    assert "Debian's build of 28.5.2, not" in text(older)
    assert "on-your-machine" not in older


RULE = step(
    "rule",
    "iptables -I DOCKER-USER -i eth0 -j DROP && \\\n  echo veth0 198.51.100.11:8080 >eth0.log",
    yours=(("eth0", "card"), ("198.51.100.11", "address"), ("8080", "address")),
)


def test_what_a_reader_must_change_is_marked_and_named_and_the_command_is_as_it_ran() -> None:
    ways = Ways("", "practice/on-your-machine/")
    for words in WORDS.values():
        drawn = console.console(BRIDGE, [RULE, RULE], words, set(), ways)
        said = re.search(r'<ul class="yours".*?</ul>', drawn)
        assert said
        assert text(said[0]) == "".join(
            (
                words.yours["card"].format("eth0") + words.stop + words.find,
                words.yours["address"].format(f"198.51.100.11{words.also}8080")
                + words.stop
                + words.find,
            )
        )
        for kind in ("card", "address"):
            assert f'href="practice/on-your-machine/#{kind}"' in said[0]
        marked = [text(one) for one in re.findall(r"<mark .*?</mark>", drawn)]
        assert marked == ["eth0", "198.51.100.11", "8080", "eth0"] * 2
        command = re.search(r'<span class="cmd">(.*?)&#10;</span><', drawn)
        assert command
        assert re.sub(r"(?m)^[$>] ", "", text(command[1])) == RULE.command


def test_every_kind_of_word_to_change_has_words_in_both_languages() -> None:
    for words in WORDS.values():
        assert words.yours.keys() == set(get_args(Yours))


def test_a_raw_transcript_tells_options_tries_and_the_other_run() -> None:
    failed = replace(
        BRIDGE.steps[0], verdict=Verdict.FAILED, exit=1, tries=4, held=(Held("exit", 0, 3, False),)
    )
    written = raw.text(report("s", failed, UNSTEADY, options=OPTIONS))
    assert "# h1 sysctl: net.ipv4.ip_forward=0\n# h1 dockerd: off\n" in written
    assert "# package" not in written
    assert "# tries: 4\n# exit status: 1\n# failed: exit: 0\n" in written
    assert written.endswith(
        "172.17.0.3 REACHABLE\n# unsteady\n# the other run of this build printed:\n"
        "# 172.17.0.2 REACHABLE\n# 172.17.0.3 <FAILED>\n"
    )


def test_the_command_that_boots_the_scene_names_the_last_step_shown() -> None:
    assert "scripts/shell bridge brief" in details(BRIDGE, BRIDGE.steps[:2], EN)


def test_a_big_output_is_drawn_in_no_time() -> None:
    """256 KB is what a step may print; quadratic work here would take minutes."""
    big = step("big", "cat", DOCKER0 * 600)
    assert text(console.console(report("s", big), [big], EN, set())).count("docker0") > 1000


def test_nasty_output_reads_as_what_it_is() -> None:
    drawn = text(markup.painted(NASTY))
    assert drawn.startswith("<script>alert(1)</script> </code></pre></figure> <b>bold</b> & &amp;")
    assert "^[[31mred^[[0m" in drawn


HELD = replace(
    step("nat", "iptables -S", "-P FORWARD DROP\n-A DOCKER -j DNAT\n  to 172.17.0.2:80\n"),
    held=(
        Held("exit", 0, 3, True),
        Held("contains", "FORWARD DROP", 4, True, rests=(3, 15)),
        Held("matches", r"FORWARD \w+\n-A", 5, True, rests=(3, 18)),
        Held("absent", "@{gone}", 6, True),
    ),
    taken=(Span(39, 49, "target"),),
)
POINTED = report("nat", HELD, values=(("gone", "eth9"), ("target", "172.17.0.2")))


def test_the_characters_that_a_check_rests_on_are_marked_and_named_as_in_the_proof() -> None:
    drawn = console.console(POINTED, [HELD], EN, set())
    marks = [(at, text(inner)) for at, inner in re.findall(r'<u data-at="(.*?)">(.*?)</u>', drawn)]
    assert marks == [("0.1 0.2", "FORWARD DROP"), ("0.2", "-A"), ("nat/target", "172.17.0.2")]
    lines = dict(re.findall(r'<li data-at="(.*?)">(.*?)</li>', drawn))
    assert {at: text(line) for at, line in lines.items()} == {
        "0.1": "the output contains FORWARD DROP",
        "0.2": "the output has lines that look like FORWARD DROP\n-A",
        "nat/target": "172.17.0.2 is taken from the output as the value target",
    }
    assert 'data-at="nat/target"' in console.value("172.17.0.2", "nat/target")
    assert text(drawn.split("</samp>")[0]).endswith(HELD.output)


def test_by_what_a_scene_was_printed_is_told_where_a_page_shows_it_first() -> None:
    shown: set[str] = set()
    two = report("nat", HELD, replace(HELD, id="more"))
    first, second = (console.console(two, [step], EN, shown) for step in two.steps)
    other = console.console(report("nat-more", HELD), [HELD], EN, shown)
    assert ["containerd" in text(one) for one in (first, second, other)] == [True, False, True]
    assert f"Docker Engine {BY.engine}" in text(second)


def test_the_proof_says_in_words_what_was_checked_then_where_then_by_what() -> None:
    for words in WORDS.values():
        drawn = text(details(POINTED, [HELD], words))
        checked, written, where, versions = (
            drawn.index(part) for part in (
                words.checked.absent.format("eth9"), r'matches: "FORWARD \\w+\\n-A"',
                words.place.host.format("h1"), "containerd",
            )
        )  # fmt: skip
        assert checked < written < where < versions
        assert "contains:" not in drawn
    said = text(details(POINTED, [replace(HELD, on="h1/web"), replace(HELD, on="lan")], EN))
    assert "inside the network namespace of the container web" in said
    assert "on lan, a machine on the wire" in said


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_no_kind_of_expectation_is_without_words_and_none_shows_a_pattern(words: Words) -> None:
    output = "172.17.0.1 up\nx\ny\n"
    for holds, rests in ((True, (0, len(output))), (True, None), (False, None)):
        for kind in ("exit", "contains", "absent", "equals", "matches", "timeout", "limit", "end"):
            sought = 1 if kind == "exit" else r"^\d+\.17"
            sentence, quotes = phrases.checked(
                Held(kind, sought, 3, holds, rests=rests), output, {}, words
            )
            assert kind != "matches" or r"\d" not in sentence.format(*quotes)
        for kind in ("equals", "contains", "matches", "absent"):
            held = Held(kind, True, 3, holds, path="[0].Up")
            sentence, quotes = phrases.checked(held, output, {}, words)
            assert "[0].Up" in sentence.format(*quotes)
        held = Held("capture", {"it": "(.)"}, 3, holds)
        sentence, quotes = phrases.checked(held, output, {}, words)
        assert "it" in sentence.format(*quotes)


def test_what_an_output_says_in_many_lines_is_quoted_by_its_ends_or_counted() -> None:
    many = Held("equals", "a\nb\nc", 3, True, rests=(0, 5))
    assert phrases.checked(many, "a\nb\nc\n", {}, EN)[1] == ("3",)
    assert phrases.checked(replace(many, kind="matches"), "a\nb\nc\n", {}, EN)[1] == ("a\n…\nc",)
    assert phrases.checked(replace(many, sought=""), "", {}, EN)[0] == EN.checked.empty


@pytest.mark.parametrize("row", boilerplate.table(), ids=lambda row: row["find"])
def test_what_says_nothing_stands_back_and_what_is_much_like_it_does_not(
    row: dict[str, str],
) -> None:
    pieces = re.findall("«(.*?)»", row["example"], re.DOTALL)
    output = re.sub("[«»]", "", row["example"])
    assert set(pieces) <= {output[s.start : s.end] for s in boilerplate.spans(output)}
    assert boilerplate.spans(row["leaves"]) == []


def test_what_stands_back_is_in_the_block_whole() -> None:
    capture = step("dump", "tcpdump -i eth0", "IP 1.2.3.4 > 1.2.3.5: ICMP\n1 packet captured\n")
    drawn = console.console(BRIDGE, [capture], EN, set())
    assert '<span class="q">1 packet captured</span>' in drawn
    assert "ICMP" in drawn.split('class="q"')[0]


def test_a_block_whose_prompts_name_a_place_shows_where_that_is() -> None:
    two = replace(BRIDGE, hosts=("h1", "h2"))
    web, lan = replace(BRIDGE.steps[0], on="h1/web"), replace(BRIDGE.steps[1], on="lan")
    for words in WORDS.values():
        drawn = details(two, [web, lan], words)
        assert re.findall(r'<i( class="here")?>(.*?)</i>', drawn) == [
            (' class="here"', "lan"), (' class="here"', "h1/web"), ("", "h2")
        ]  # fmt: skip
        told = words.here.format(f"h1/web{words.also}lan")
        assert f'aria-label="{told}"' in html.unescape(drawn)
        assert "world" not in details(BRIDGE, BRIDGE.steps, words)


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("ip addr", "h1"),
        ("docker exec web ip addr show eth0", "h1/web"),
        ("docker exec -it web ip addr", "h1/web"),
        ("docker exec web ip addr; ip addr", ""),
        ("docker run --rm busybox ip addr", ""),
        ("ip netns exec red ip addr", ""),
        ("nsenter -t 7 -n ip addr", ""),
    ],
)
def test_an_interface_is_of_the_namespace_that_a_step_speaks_of(command: str, place: str) -> None:
    drawn = console.console(BRIDGE, [step("x", command)], EN, set())
    assert f'data-in="{place}"' in drawn
