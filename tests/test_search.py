"""What search is given: the documents of a page, the words of a text, what readers' words mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.errors import Mistakes
from macros.site import site
from macros.site.postings import ASKED, SOURCE, Index, Spoken, encoded, hosted
from macros.site.sections import Document, Reader
from macros.site.words import Cutter, costs, counted, parts, runs

from .pages_project import LANGUAGES, REPORTS, make

PAGE = """\
<h1 id="a">Ports<a class="headerlink" href="#a">¶</a></h1><p>Taken.</p>
<h2 id="b">When <code>-p</code> fails</h2>
<pre>$ docker ps\n0123456789ab web</pre><details data-search-exclude="1">unseen</details>
<table><tr><th>message</th><th>section</th></tr>
<tr><td><code>no route</code></td><td>lost</td><td><a href="../b/#x">veth</a></td></tr>
<tr><td>timed out</td><td><a href="#b">here</a>, <a href="../c/">there</a></td></tr>
<tr><td>old</td><td><a href="https://x.example/">elsewhere</a></td></tr>
<tr><td>plain</td><td>no <a href="../c/">link alone</a></td></tr></table>
<h2 id="next">Where next</h2><ul><li><a href="../b/">B</a></li></ul>
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Use --ip-masq, -p or a-b.", ["use", "--ip-masq", "-p", "or", "a-b"]),
        ("(--network=host) `-t`", ["--network", "host", "-t"]),
        ("net.ipv4.ip_forward = 0", ["net.ipv4.ip-forward", "0"]),
        ("172.17.0.1:8080/tcp.", ["172.17.0.1", "8080", "tcp"]),
        ("wget: bad address 'web:80'", ["wget", "bad", "address", "web", "80"]),
        ("Can't ROUTE; routes, routing, routed", ["cant", "rout", "rout", "rout", "rout"]),
        ("DNS\u200b，ＤＮＳ", ["dns", "dns"]),
        ("x -- y - z", ["x", "y", "z"]),
    ],
)
def test_a_text_is_cut_into_words(text: str, words: list[str]) -> None:
    assert runs(text) == words


def test_a_name_has_parts_and_an_option_none() -> None:
    assert parts("net.ipv4.ip-forward") == ["net", "ipv4", "ip-forward", "ip", "forward"]
    assert parts("172.17.0.1") == []
    assert parts("--ip-masq") == []


def test_chinese_is_cut_by_the_dictionary_alone() -> None:
    cutter = Cutter({"容器": 10, "上不了网": 60, "上": 20, "不了": 30, "网": 30, "怎么办": 50})
    assert cutter.cut("容器上不了网怎么办") == ["容器", "上不了网", "怎么办"]
    assert cutter.cut("容器魑魅上网") == ["容器", "魑魅", "上", "网"]
    assert list(cutter.inside("上不了网")) == ["不了"]


def test_words_of_the_list_are_cut_as_one() -> None:
    cutter = Cutter(costs(counted(["容器上不了网，先看网桥"], ["上不了网"])))
    assert cutter.cut("容器上不了网") == ["容器", "上不了网"]


def test_a_page_is_its_sections_and_the_rows_that_lead_somewhere() -> None:
    found = Reader("a/", "Ports").read(PAGE, "What is taken.")
    assert [(each.address, each.title) for each in found] == [
        ("a/", "Ports"),
        ("b/#x", "no route"),
        ("a/#b", "timed out"),
        ("a/#b", "When -p fails"),
    ]
    assert found[0].text == "What is taken. Taken."
    assert found[1].text == "lost"
    assert "unseen" not in found[3].text
    assert "0123456789ab" not in found[3].text


def test_what_a_document_has_is_told_in_letters() -> None:
    assert encoded({0: 0.0, 3: 0.5, 40: 0.999}) == "0A3N11Z"
    index = Index(
        [Document("a/", "Ports", "a port", "Ports"), Document("b/", "B", "x", "B")], Spoken()
    )
    assert index.postings["port"].keys() == {0}
    assert index.script().startswith("var searchIndex={")


def test_a_row_is_of_the_page_that_it_leads_to() -> None:
    documents = [Document("b/", "B", "", "B"), Document("b/#x", "no route", "", "A")]
    assert [each.page for each in Index(documents, Spoken()).documents] == ["B", "B"]


def test_what_leads_nowhere_is_refused_where_it_is_written(tmp_path: Path) -> None:
    root = make(tmp_path)
    (root / SOURCE).write_text(
        '[en.same]\n"modus" = ["modes"]\n"bogus" = ["modes nowhere"]\n', "utf-8"
    )
    with pytest.raises(Mistakes) as raised:
        site.build(root, REPORTS, lambda line: None)
    (mistake,) = raised.value.mistakes
    assert str(mistake).startswith(f"{SOURCE}:3: ")
    assert '"modes nowhere"' in mistake.what


def test_a_section_is_found_by_what_people_ask() -> None:
    documents = [Document("b/", "B", "text", "B"), Document("b/#x", "no route", "text", "B")]
    said = Spoken(asked={"b/#x": ("cannot reach printer",)})
    assert [*Index(documents, said).postings["printer"]] == [1]


def test_what_is_asked_of_a_section_that_is_not_there_is_refused(tmp_path: Path) -> None:
    root = make(tmp_path)
    path = root / ASKED.format("en")
    path.parent.mkdir()
    path.write_text('"modes/bridge/" = ["docker0"]\n"modes/gone/#x" = ["lost"]\n', "utf-8")
    with pytest.raises(Mistakes) as raised:
        site.build(root, REPORTS, lambda line: None)
    (mistake,) = raised.value.mistakes
    assert str(mistake).startswith(f"{ASKED.format('en')}:2: ")
    assert '"modes/gone/#x"' in mistake.what


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("index.html", ""),
        ("modes/index.html#x", "modes/#x"),
        ("modes/bridge.html#x", "modes/bridge/#x"),
        ("modes/bridge/", "modes/bridge/"),
    ],
)
def test_on_a_disk_a_section_is_the_same_one(file: str, address: str) -> None:
    assert hosted(file) == address


def test_a_page_that_is_left_out_is_not_found(tmp_path: Path) -> None:
    root = make(tmp_path)
    for code in LANGUAGES:
        page = root / f"docs/{code}/modes/bridge.md"
        page.write_text(
            page.read_text("utf-8").replace("---\n\n", "search: {exclude: true}\n---\n\n", 1)
        )
    built = site.build(root, REPORTS, lambda line: None).site
    for code in LANGUAGES:
        index = (built / code / "search/index.js").read_text("utf-8")
        assert '"modes/"' in index
        assert "modes/bridge/" not in index
        assert not (built / code / "assets/javascripts/workers").exists()
