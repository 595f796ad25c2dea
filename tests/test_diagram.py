"""Diagrams as strings: real hosts' networks drawn, escaped, in words, in both languages."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from macros.diagrams.columns import arrange
from macros.diagrams.comparison import Comparison, Mark, compare, grown
from macros.diagrams.grid import grid
from macros.errors import Mistakes
from macros.languages import Words
from macros.model import HostOption, Reason, Report, StepReport, Verdict
from macros.pages.calls import render
from macros.pages.figure import Shown, diagram, path, proven
from macros.pages.figure import figure as framed
from macros.pages.macros import Showing
from macros.pages.moments import growing, switch
from macros.pages.source import parse
from macros.site.blocks import Blocks
from macros.topology import Topology, lines

from .pages_project import EN, WORDS, ZH, report, step
from .surveyed_hosts import NAMES, SURVEYS, network

GOLDEN = SURVEYS / "publish.html"
TAG = re.compile(r"<[^>]*>")


def after(topology: Topology | None, command: str = "docker run web") -> StepReport:
    return replace(step("run", command), topology=lines(topology) if topology else ())


def figure(topology: Topology, words: Words = EN) -> str:
    it = after(topology)
    return framed(diagram, report("bridge", it), [it], words)


def drawn(figure: str) -> ElementTree.Element:
    """The boxes, as XML: an element that is not closed would be an error."""
    found = re.search(r"<fieldset .*?(?=<p|<ol|<div class=.side|<figcaption)", figure)
    return ElementTree.fromstring(found[0] if found else figure)


def texts(figure: str, kinds: str = "span b i") -> list[str]:
    return ["".join(one.itertext()) for one in drawn(figure).iter() if one.tag in kinds.split()]


def classed(figure: str, kind: str) -> list[ElementTree.Element]:
    return [one for one in drawn(figure).iter() if kind in one.get("class", "").split()]


@pytest.mark.parametrize("name", NAMES)
def test_every_interface_and_address_of_a_container_is_drawn_and_told(name: str) -> None:
    topology = network(name)
    whole = figure(topology)
    shown = texts(whole)
    words = html.unescape(TAG.sub(" ", whole[whole.index("told") :]))
    for space in topology.namespaces:
        for link in space.interfaces:
            assert re.search(rf"(?<!\S){re.escape(link.name)}(?![\w.-])", words), link
            assert all(one in words for one in link.addresses)
            if space.kind == "container":
                assert link.name in shown
                assert {*link.addresses} <= {*shown}


@pytest.mark.parametrize("name", NAMES)
def test_no_two_containers_and_no_two_bridges_of_a_level_have_a_column_in_common(name: str) -> None:
    topology = network(name)
    for host in (one for one in topology.namespaces if one.kind == "host"):
        columns = arrange(topology, host, crowded=False)
        levels = {bar.level for bar in columns.bars}
        rows = [[bar.span for bar in columns.bars if bar.level == level] for level in levels]
        for row in (
            *rows,
            [box.span for box in columns.boxes],
            [one for _, one in columns.uplinks],
        ):
            taken = [line for span in row for line in range(span.left, span.right)]
            assert len({*taken}) == len(taken)
            assert all(1 < line < 2 + sum(columns.groups) + len(columns.groups) for line in taken)


@pytest.mark.parametrize("name", NAMES)
def test_a_cable_ends_in_a_column_of_its_bridge(name: str) -> None:
    topology = network(name)
    for host in (one for one in topology.namespaces if one.kind == "host"):
        columns = arrange(topology, host, crowded=False)
        spans = {bar.bridge: bar.span for bar in columns.bars}
        for box in columns.boxes:
            for column in box.columns:
                assert box.span.left <= column.span.left < box.span.right
                if column.bridge:
                    assert spans[column.bridge].crosses(column.span)


def test_search_keeps_nothing_of_what_is_drawn() -> None:
    """To the first end of an element of that name: none is within it."""
    blocks = Blocks()
    drawn = re.compile("eth0|198[.]51|VXLAN")
    whole = figure(network("overlay"))
    assert drawn.search(whole)
    assert not drawn.search(blocks.for_search(blocks.put(whole)))


@pytest.mark.parametrize("words", [EN, ZH])
def test_a_picture_says_in_a_sentence_what_it_shows_and_once_to_each_reader(words: Words) -> None:
    whole = figure(network("publish-after"), words)
    said = words.diagram.title.format("“docker run web”")
    seen = f'<p class="key" aria-hidden="true" data-search-exclude="1">{said}</p>'
    assert whole.count(seen) == 1
    assert whole.index(seen) < whole.index("<fieldset")
    assert html.unescape(whole).count(said) == 2  # and the name of the group


def test_a_figure_is_one_line_without_ids_or_scripts() -> None:
    whole = figure(network("overlay"))
    assert "\n" not in whole
    assert " id=" not in whole
    assert "<script" not in whole
    assert whole.count("<figure") == whole.count("</figure>") == 1


def test_the_picture_of_a_published_port_is_as_it_was_looked_at() -> None:
    """After a change that is wanted: look at it in a browser, then write what is drawn there."""
    changed = compare(network("publish-before"), network("publish-after"))
    said = grid(changed, EN.diagram).replace("><", ">\n<") + "\n"
    assert said == GOLDEN.read_text("utf-8"), said


def test_what_is_new_and_gone_is_marked_and_explained() -> None:
    before, later = network("publish-before"), network("publish-after")
    steps = [after(before, "docker ps"), after(later)]
    come = framed(diagram, report("publish", *steps), steps, EN)
    assert 'class="space new"' in come
    assert 'class="flow new"' in come
    assert '<span class="new">new</span>' in come
    assert " gone" not in come
    went = framed(diagram, report("publish", *steps), steps[::-1], ZH)
    assert 'class="space gone"' in went
    assert '<span class="gone">消失</span>' in went
    assert "(消失)" in html.unescape(went)


def test_a_namespace_without_a_container_is_a_box_that_says_what_it_is() -> None:
    for words, kind in ((EN, "network namespace"), (ZH, "网络命名空间")):
        whole = figure(network("named"), words)
        boxes = [" ".join(one.itertext()) for one in classed(whole, "names")]
        assert [kind in " ".join(box.split()) for box in boxes] == ["web" not in it for it in boxes]
        assert len(boxes) == 4
        assert "c1" in html.unescape(TAG.sub("", whole[whole.index("told") :]))
    bare = replace(network("named"), namespaces=network("named").namespaces[:2])
    assert 'class="space new"' in grid(compare(bare, network("named")), EN.diagram)


def test_a_bridge_that_comes_up_says_so() -> None:
    changed = compare(network("bridge-before"), network("bridge-after"))
    assert "docker0 DOWN → UP" in texts(grid(changed, EN.diagram))


def test_what_is_said_is_said_in_the_pages_language() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for name in NAMES:
        assert not chinese.search(figure(network(name), EN))
    assert "the wire between the hosts" in texts(figure(network("publish-after"), EN))
    assert "宿主机之间的链路" in texts(figure(network("publish-after"), ZH))
    for words in WORDS.values():
        label = re.search(r'aria-label="(.*?)"', figure(network("bridge-after"), words))
        assert label
        assert "docker run web" in label[1]


def test_names_are_tokens_as_in_console_blocks() -> None:
    whole = figure(network("bridge-after"))
    names = {one.text for one in classed(whole, "if")}
    assert {"docker0", "veth0528bf8", "eth0", "lan"} <= names
    assert "172.17.0.2/16" in {one.text for one in classed(whole, "ip")}


def test_nothing_that_a_container_is_called_becomes_markup() -> None:
    nasty = '<u>"&\u202e\x1b\ud800'
    topology = network("bridge-after")
    spaces = tuple(
        replace(one, name=nasty, containers=(nasty,)) if one.name == "web" else one
        for one in topology.namespaces
    )
    whole = figure(Topology(spaces, topology.ports))
    assert "<u>" not in whole
    assert '<u>"&U+202E^[U+D800' in texts(whole)
    assert not re.search("[\x00-\x1f\u202e\ud800-\udfff]", whole)


def test_a_step_that_was_skipped_is_said_to_be() -> None:
    it = replace(after(None), verdict=Verdict.SKIPPED, reason=Reason("kernel", ("6.12", "macvlan")))
    whole = framed(diagram, report("macvlan", it), [it], EN)
    assert "did not run" in whole
    assert "the kernel 6.12 has no macvlan" in whole
    assert "canvas" not in whole


def test_a_step_that_failed_and_has_nothing_to_draw_is_said_to_be() -> None:
    it = replace(after(None), verdict=Verdict.FAILED, held=())
    whole = framed(diagram, report("macvlan", it), [it], EN)
    assert '<figure class="scene diagram failed"' in whole
    assert "did not succeed" in whole


def test_a_failed_capture_without_a_packet_leaves_the_way_undrawn() -> None:
    empty = replace(capture("h1", "docker0", "0 packets captured\n"), verdict=Verdict.FAILED)
    steps = [after(network("bridge-after")), empty]
    assert "canvas" not in framed(path, report("bridge", *steps), steps, EN)


def test_a_step_without_a_topology_is_told_with_its_cure() -> None:
    it = after(None)
    with pytest.raises(LookupError, match="topology: true"):
        framed(diagram, report("bridge", it), [it], EN)


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ('{{{ diagram("bridge", "run") }}}', True),
        ('{{{ diagram("bridge", "run", "run") }}}', True),
        ('see {{{ diagram("bridge", "run") }}}', False),
        ('{{{ diagram("bridge") }}}', False),
        ('{{{ diagram("bridge", "run", "run", "run") }}}', True),
        ('{{{ compare("bridge", "run", "run") }}}', True),
        ('{{{ compare("bridge", "run") }}}', False),
    ],
)
def test_how_a_page_calls_it(written: str, right: bool) -> None:
    page = parse("docs/en/x.md", f"# X {{#x}}\n\n{written}\n")
    assert bool(page.mistakes) is not right
    if right:
        known = {"bridge": report("bridge", after(network("bridge-after")))}
        assert 'class="net' in render(page, Showing(known, EN))


def test_every_mark_has_a_look() -> None:
    css = (Path(__file__).parents[1] / "docs/theme/assets/diagram.css").read_text("utf-8")
    kinds = {
        kind
        for name in NAMES
        for one in drawn(figure(network(name))).iter()
        for kind in one.get("class", "").split()
    }
    tokens = {"if", "ip", "ip6", "mac", "port", "down", "up"}
    assert not {kind for kind in kinds - tokens if f".{kind}" not in css}
    assert all(f".{mark}" in css for mark in Mark if mark)
    assert all(f".way.{kind}" in css for kind in ("along", "anew", "lost"))


def capture(on: str, interface: str, output: str) -> StepReport:
    return replace(step(f"at-{interface}", f"tcpdump -nt -i {interface} icmp", output), on=on)


SEEN = "listening on x, link-type EN10MB\nIP 172.17.0.2 > 198.51.100.1: ICMP echo request\n"
VERBOSE = (
    "IP (tos 0x0, ttl 63, id 7, proto ICMP (1), length 84)\n"
    "    198.51.100.11 > 198.51.100.1: ICMP echo request\n"
)


def text_of(drawn: str) -> str:
    return html.unescape(TAG.sub("", drawn))


def test_a_packets_way_has_a_number_and_a_line_for_each_hop() -> None:
    steps = [
        after(network("bridge-after")),
        capture("h1/web", "eth0", SEEN),
        capture("h1", "docker0", SEEN),
        capture("lan", "lan", VERBOSE),
    ]
    whole = framed(path, report("bridge", *steps), steps, EN)
    assert ["".join(one.itertext()) for one in classed(whole, "hop")] == ["1", "2", "3"]
    told = [text_of(one) for one in re.findall(r'<p class="at">.*?</p>', whole)]
    assert told == ["1 h1/web:eth0", "2 h1:docker0", "3 lan"]
    said = [text_of(one) for one in re.findall(r'<p class="seen">.*?</p>', whole)]
    assert said[0].endswith("IP 172.17.0.2 > 198.51.100.1: ICMP echo request")
    assert said[2].endswith("198.51.100.11 > 198.51.100.1: ICMP echo request")
    changed = [text_of(one) for one in re.findall(r'<div class="changed">.*?</div>', whole)]
    assert changed == ["Source172.17.0.2 198.51.100.11"]
    assert classed(whole, "way")


@pytest.mark.parametrize("backwards", [False, True])
def test_the_line_of_a_way_has_no_gap_and_is_the_same_backwards(backwards: bool) -> None:
    """Every row from the first number's to the last one's, in the one column of this host."""
    hops = ["h1/web:eth0", "h1:veth0528bf8", "h1:docker0", "h1:eth0", "lan:lan"]
    whole = grid(Comparison(network("bridge-after")), EN.diagram, hops[:: -1 if backwards else 1])
    areas = [
        one.attrib["style"].removeprefix("grid-area:").split("/") for one in classed(whole, "way")
    ]
    rows = sorted({row for area in areas for row in range(int(area[0]), int(area[2]))})
    assert {area[1] for area in areas} == {"2"}
    assert rows == [*range(rows[0], rows[-1] + 1)]
    numbers = [int(one.attrib["style"].split("/")[2]) for one in classed(whole, "hop")]
    assert rows[0] == min(numbers)
    assert rows[-1] + 1 == max(numbers)


QUESTION = "IP 127.0.0.1.40000 > 127.0.0.11.41234: UDP, length 33\n"


def asked(*places: tuple[str, str]) -> str:
    steps = [after(network("bridge-after")), *(capture(*place, QUESTION) for place in places)]
    return framed(path, report("bridge", *steps), steps, EN)


def test_a_loopback_is_drawn_and_told_where_the_way_stops_there_alone() -> None:
    there, elsewhere = asked(("h1/web", "lo"), ("h1", "eth0")), asked(("h1", "eth0"))
    [box] = classed(there, "space")
    assert [text for text in box.itertext() if text == "lo"] == ["lo"]
    told = re.compile(r"<li>(?:<[^>]*>)?lo(?:<[^>]*>)?</li>")
    assert len(told.findall(there)) == 1
    assert "lo" not in texts(elsewhere)
    assert not told.search(elsewhere)


def test_from_a_loopback_leads_no_cable_but_a_line_of_its_own_past_the_bridges() -> None:
    whole = asked(("h1/web", "lo"), ("h1", "eth0"), ("lan", "lan"))
    lines_of = {one.get("data-frame"): one for one in classed(whole, "way")}
    assert "anew" in lines_of["2"].attrib["class"].split()
    assert "anew" not in lines_of["3"].attrib["class"].split()
    areas = [
        [int(line) for line in one.attrib["style"].removeprefix("grid-area:").split("/")]
        for one in classed(whole, "anew")
    ]
    for bar in classed(whole, "bar"):
        top, left, bottom, right = map(
            int, bar.attrib["style"].removeprefix("grid-area:").split("/")
        )
        for up, first, down, last in areas:
            assert up >= bottom or down <= top or first >= right or last <= left
    assert EN.frames.anew in whole


@pytest.mark.parametrize(
    ("captured", "told"),
    [
        (capture("h1", "docker0", "0 packets captured\n"), "none was seen before it"),
        (capture("h1", "docker0", ""), "shows no packet"),
        (replace(capture("h1", "eth0", SEEN), command="ip addr"), "no capture: name a step"),
        (capture("h1", "br9", SEEN), 'no "h1:br9" in the diagram'),
    ],
)
def test_a_capture_that_cannot_be_drawn_is_told(captured: StepReport, told: str) -> None:
    steps = [after(network("bridge-after")), captured]
    with pytest.raises(LookupError, match=told):
        framed(path, report("bridge", *steps), steps, EN)


def test_words_and_picture_say_the_same_of_a_bridge_that_comes_up() -> None:
    steps = [after(network("bridge-before")), after(network("bridge-after"))]
    whole = framed(diagram, report("bridge", *steps), steps, EN)
    words = html.unescape(TAG.sub("", whole[whole.index("told") :]))
    assert "docker0 172.17.0.1/16; DOWN → UP" in words
    assert "veth0528bf8; port of the bridge docker0" in words


def moments() -> list[Topology]:
    return [network("bridge-before"), network("bridge-after"), network("bridge-before")]


def test_what_grows_has_room_for_all_of_it_from_the_beginning_and_marks_what_is_new() -> None:
    first, second, third = grown(moments())
    assert not first.new | first.gone
    assert first.absent < second.new == third.gone  # docker0 is there, and comes up
    assert not second.absent | third.absent
    drawn = [grid(one, EN.diagram) for one in (first, second, third)]
    areas = [re.findall(r"grid-area:[\d/-]+", one) for one in drawn]
    assert areas[0] == areas[1] == areas[2]
    assert 'class="chip absent"' in drawn[0]
    assert 'class="chip new"' in drawn[1]
    assert 'class="chip gone"' in drawn[2]


def test_a_default_route_that_is_still_to_come_is_not_shown_in_a_namespace_that_is_new() -> None:
    whole = network("named")
    none = Topology(tuple(one for one in whole.namespaces if one.kind != "namespace"))
    bare = Topology(tuple(
        replace(one, gateway="") if one.kind == "namespace" else one for one in whole.namespaces
    ))  # fmt: skip
    _, made, routed = (grid(one, EN.diagram) for one in grown([none, bare, whole]))
    assert made.count('class="route absent"') == 2
    assert routed.count('class="route new"') == 2


def test_a_picture_of_more_than_two_steps_has_a_frame_for_each_and_says_what_changed() -> None:
    steps = [replace(after(one, f"step {n}"), id=f"s{n}") for n, one in enumerate(moments())]
    whole = framed(growing, report("bridge", *steps), steps, EN)
    assert whole.count("<fieldset") == 3
    assert re.findall(r'<p class="at"><code>(.*?)</code>', whole) == ["step 0", "step 1", "step 2"]
    told = whole[whole.index("told") :]
    assert [told.count(f"({word})") > 0 for word in (EN.diagram.new, EN.diagram.gone)] == [True] * 2


def switched(*commands: str, more: int = 0) -> str:
    both = network("bridge-before"), network("bridge-after")
    steps = [after(one, command) for one, command in zip(both, commands, strict=True)]
    one = report("bridge", *steps)
    return turned(*((one, step) for step in (*steps, *steps[:more])))


def turned(*shown: Shown) -> str:
    return proven(switch(shown, EN), shown, EN)


def test_a_switch_is_called_by_what_one_command_has_and_the_other_has_not() -> None:
    whole = switched("docker network create --internal vault", "docker network create vault")
    assert called(whole) == ["--internal", "without --internal"]
    assert "veth0528bf8" in whole
    assert 'class="chip new">veth0528bf8' not in whole  # its name is drawn anew each time


def called(whole: str) -> list[str]:
    """What stands on the buttons of a picture."""
    return [html.unescape(one) for one in re.findall(r'data-to="\d".*?>(.*?)</button>', whole)]


def test_a_switch_has_as_many_sides_as_steps_with_a_topology() -> None:
    modes = ("nat", "routed", "nat-unprotected")
    steps = [
        replace(one, id=mode)
        for mode in modes
        for one in (after(network("bridge-after"), f"create -o mode={mode} app"), step("x", "x"))
    ]
    one = report("bridge", *steps)
    whole = turned(*((one, step) for step in steps))
    assert called(whole) == [*modes]
    assert whole.count("<fieldset") == 3


def test_where_one_of_several_sides_has_nothing_of_its_own_it_is_without_the_others() -> None:
    steps = [after(network("bridge-after"), command) for command in ("run", "run -a", "run -b")]
    one = report("bridge", *steps)
    assert called(turned(*((one, step) for step in steps)))[0] == "without -a, -b"


@pytest.mark.parametrize(
    ("steps", "came"),
    [("tt-", "1, 2"), ("t-", "2"), ("-t", "1"), ("t-t", "2, 1"), ("--", "none")],
)
def test_sides_that_are_not_alike_are_told(steps: str, came: str) -> None:
    every = [after(network("bridge-after")) if one == "t" else step("x", "x") for one in steps]
    with pytest.raises(LookupError, match=f"the sides that they make have: {came};"):
        turned(*((report("bridge", *every), one) for one in every))


def engines() -> dict[str, Report]:
    """The same steps of two scenes, on two engines."""
    steps = [after(network("bridge-after")), step("out", "ping", "1 received\n")]
    old = report("old", *steps)
    old = replace(old, provenance=replace(old.provenance, engine="26.1.5"))
    return {"old": old, "new": report("new", *steps)}


ACROSS = '{{{ compare("old", "run", "out", "new/run", "out") }}}'


def test_a_switch_over_two_scenes_says_of_each_its_engine_and_its_proof() -> None:
    whole = render(parse("docs/en/x.md", f"# X {{#x}}\n\n{ACROSS}\n"), Showing(engines(), EN))
    assert called(whole) == ["Engine 26.1.5", "Engine 28.5.2"]
    lines = re.findall(r'<summary><span class="says">(.*?)</summary>', whole)
    assert ["26.1.5" in lines[0], "28.5.2" in lines[1]] == [True, True]
    assert len(lines) == 2
    assert 'id="diagram-old-run"' in whole


def test_sides_on_hosts_that_are_set_otherwise_are_called_by_that() -> None:
    known = engines()
    preset = HostOption("h1", "daemon.json", '{"userland-proxy": false}')
    known["old"] = replace(known["new"], scene="old", options=(preset,))
    whole = render(parse("docs/en/x.md", f"# X {{#x}}\n\n{ACROSS}\n"), Showing(known, EN))
    assert called(whole) == [preset.text, f"without {preset.text}"]
    first, second = map(text_of, re.findall(r'<span class="says">(.*?)</summary>', whole))
    assert preset.text in html.unescape(first)
    assert preset.text not in html.unescape(second)


def test_of_a_side_each_command_says_where_it_ran() -> None:
    steps = [after(network("bridge-after")), replace(step("out", "ping", "1 received\n"), on="lan")]
    one, other = report("old", *steps), report("new", *steps)
    whole = turned(*((it, step) for it in (one, other) for step in steps))
    assert re.findall(r"<dt><code>(.*?)</code>", whole) == ["lan $ ping"] * 2


def test_a_side_is_of_one_scene() -> None:
    mixed = '{{{ compare("old", "run", "new/out", "old/run", "out") }}}'
    page = parse("docs/en/x.md", f"# X {{#x}}\n\n{mixed}\n")
    with pytest.raises(Mistakes, match=r"docs/en/x.md:3: a side .* not: old/run, new/out"):
        render(page, Showing(engines(), EN))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('"nwe/run"', 'no scene "nwe": did you mean "new"'),
        ('"new/rnu"', 'scene "new" has no step "rnu"; did you mean "run"'),
    ],
)
def test_a_name_of_another_scene_that_is_not_there_is_told(written: str, told: str) -> None:
    call = ACROSS.replace('"new/run"', written)
    page = parse("docs/en/x.md", f"# X {{#x}}\n\n{call}\n")
    with pytest.raises(Mistakes, match=f"docs/en/x.md:3: {told}"):
        render(page, Showing(engines(), EN))


def test_only_a_macro_that_takes_several_scenes_reads_a_name_so() -> None:
    page = parse("docs/en/x.md", '# X {#x}\n\n{{{ steps("old", "new/run") }}}\n')
    with pytest.raises(Mistakes, match='scene "old" has no step "new/run"'):
        render(page, Showing(engines(), EN))
