"""Pages of a stranger: whatever is written in one is a mistake with its line, or is text."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError
from markdown import Markdown
from mkdocs.utils.yaml import yaml_load

from macros import reports
from macros.pages import checks
from macros.pages.gate import Gate
from macros.site.renderer import Renderer
from macros.site.rendering import Job

from . import pages_project
from .inert import active
from .pages_project import LANGUAGES, REPOSITORY
from .test_pages import ALL, FRONT, SCENES, write

OURS = re.compile(r'(?:class|id)="[^"]*\b(?:scene|proof|verified|recorded|mermaid|gp|cmd|out|md-)')


@dataclass(frozen=True)
class Page:
    """The text below the front matter, and where it is refused: its line in that text."""

    text: str
    line: int = 1
    """0 for what is no mistake, but text."""


def told(text: str, line: int = 1) -> Page:
    return Page(text, line)


def inert(text: str) -> Page:
    return Page(text, 0)


JS = "javascript:alert(1)"
FIGURE = '<figure class="scene verified"><pre><samp>$ docker ps</samp></pre></figure>'
PROOF = '<details class="proof verified" markdown><summary>Verified</summary>x</details>'
PAGES: dict[str, Page] = {
    # HTML
    "script": told("<script>alert(1)</script>"),
    "script in a sentence": told("a <script>alert(1)</script> b"),
    "script in capitals": told("<ScRiPt>alert(1)</sCrIpT>"),
    "script of a third party": told('<script src="//evil.example/x.js"></script>'),
    "script that never ends": inert("<script"),
    "script with a slash": told("<script/src=//evil.example/x.js>"),
    "script below a list": told("- a\n\n    <script>alert(1)</script>", 3),
    "script in a table": told("| a |\n|---|\n| <script>alert(1)</script> |", 3),
    "script in a quotation": told("> <script>alert(1)</script>"),
    "script in a heading": told("## <script>alert(1)</script> {#x}"),
    "script in an admonition": told('!!! note "x"\n\n    <script>alert(1)</script>', 3),
    "script in an admonition's title": told('!!! note "<script>alert(1)</script>"'),
    "script in the title of details": told('??? note "<script>alert(1)</script>"\n\n    x'),
    "script in a footnote": told("x[^1]\n\n[^1]: <script>alert(1)</script>", 3),
    "script in a definition": told("term\n:   <script>alert(1)</script>", 2),
    "script behind a comment": told("<!-- a --><script>alert(1)</script>"),
    "script in a comment that ends early": told("<!-- --!><script>alert(1)</script> -->"),
    "script behind a comment that is over": told("<!--><script>alert(1)</script>-->"),
    "script behind a comment of a dash": told("<!---><script>alert(1)</script>-->"),
    "script behind CDATA that is over": told("<![CDATA[><script>alert(1)</script>]]>"),
    "script behind a condition": told("<![if ><script>alert(1)</script><![endif]>"),
    "script behind an instruction": told("<?x ><script>alert(1)</script>?>"),
    "script behind an end of nothing": told("</ ><script>alert(1)</script>"),
    "a comment": told("<!-- x -->"),
    "a comment in a sentence": told("a <!-- x --> b"),
    "a comment in code": inert("`<!-- x -->`"),
    "script in a comment": told("<!-- <script>alert(1)</script> -->"),
    "script in CDATA": told("<![CDATA[<script>alert(1)</script>]]>"),
    "script in a processing instruction": told("<?php <script>alert(1)</script> ?>"),
    "script in a declaration": told("<!DOCTYPE x [<script>alert(1)</script>]>"),
    "script in a span of three": told("a ```<script>``` <script>alert(1)</script>"),
    "script behind an open span": told("a ` b\n\n<script>alert(1)</script> `", 3),
    "script behind an escaped backtick": told("a \\` <script>alert(1)</script> \\`"),
    "script behind a fence that is none": told(
        "    ```\n\n<script>alert(1)</script>\n\n    ```", 3
    ),
    "script behind a fence in a list": told("- ```\n  x\n\n<script>alert(1)</script>", 4),
    "script between a fence and another": told("```text\na\n````\n<script>alert(1)</script>", 4),
    "script in a tilde fence that ends": told("~~~ini\n~~~\n<script>alert(1)</script>", 3),
    "frame": told('<iframe src="https://evil.example"></iframe>'),
    "frame's document": told('<p srcdoc="x">x</p>'),
    "object": told('<object data="x"></object>'),
    "embed": told('<embed src="x">'),
    "form": told('<form action="https://evil.example"><input name="x"></form>'),
    "button": told("<button>Copy</button>"),
    "input": told('<input type="checkbox" class="more">'),
    "meta refresh": told('<meta http-equiv="refresh" content="0;url=//evil.example">'),
    "base": told('<base href="//evil.example/">'),
    "link of a style": told('<link rel="stylesheet" href="//evil.example/x.css">'),
    "style": told("<style>.proof{display:none}</style>"),
    "picture with a handler": told('<img src="x" onerror="alert(1)">'),
    "picture": told("![x](https://evil.example/x.png)"),
    "picture as data": told("![x](data:image/svg+xml;base64,PHN2Zz4=)"),
    "drawing": told('<svg onload="alert(1)"></svg>'),
    "mathematics": told("<math><mtext></mtext></math>"),
    "video": told('<video src="x" onerror="alert(1)"></video>'),
    "template": told("<template><script>alert(1)</script></template>"),
    "noscript": told("<noscript><p title='</noscript><script>alert(1)</script>'></noscript>"),
    "an element of one's own": told("<x-evil onclick=alert(1)>x</x-evil>"),
    "marquee": told("<marquee onstart=alert(1)>x</marquee>"),
    "handler": told('<span onclick="alert(1)">x</span>'),
    "handler in capitals": told('<span ONCLICK="alert(1)">x</span>'),
    "handler without quotes": told("<div onmouseover=alert(1)>x</div>"),
    "handler behind a slash": told("<details/open/ontoggle=alert(1)>x</details>"),
    "style attribute": told('<div style="position:fixed;inset:0">x</div>'),
    "data of Material": told('<div data-md-component="search">x</div>'),
    "data of ours": told('<span data-clipboard-text="rm -rf /">x</span>'),
    "data of the language link": told("<span data-other-language>x</span>"),
    "markdown in HTML": told('<div markdown="1" onclick="alert(1)">\n\nx\n\n</div>'),
    "an element that never ends": told("<div>\n\nx"),
    "an end of the article": told("</article></main><p>x"),
    "an end of a comment": inert("--> x"),
    # our looks
    "a block by hand": told(FIGURE),
    "a proof by hand": told(PROOF),
    "a mark by hand": told('<span class="mark">Verified</span>'),
    "a value by hand": told('<code class="value">172.17.0.1</code>'),
    "an output by hand": told("<samp>172.17.0.1</samp>"),
    "keyboard as an output": told('<kbd class="out">x</kbd>'),
    "mermaid": told("```mermaid\ngraph TD\n```"),
    "mermaid by hand": told('<div class="mermaid">graph TD</div>'),
    "mermaid by attribute": told("x\n{: .mermaid }", 2),
    "a console": told("```console\n$ docker ps\n```"),
    "a console without language": told("```\n$ docker ps\n```"),
    "a console by indentation": told("x\n\n    $ docker ps\n", 3),
    "a console in a language": told("```json\nroot@h1:~# docker ps\n```"),
    "a fence with classes": told("```{ .json .scene }\n{}\n```"),
    "a fence with an id": told('```{ .json #web-run title="h1 $" }\n{}\n```'),
    "a fence with a handler": told('```{ .json onclick="alert(1)" }\n{}\n```'),
    "a fence of another superfence": told("```math\nx\n```"),
    # attributes
    "attribute: handler": told('x\n{: onclick="alert(1)" }', 2),
    "attribute: handler of a link": told('[x](index.md){ onclick="alert(1)" }'),
    "attribute: handler of a heading": told('## X {#x onclick="alert(1)"}'),
    "attribute: handler of a cell": told('| a |\n|---|\n| b { onclick="alert(1)" } |', 3),
    "attribute: handler of an item": told('- a\n- b\n{: onmouseover="alert(1)" }', 3),
    "attribute: class of ours": told("x\n{: .scene .verified }", 2),
    "attribute: class of Material": told("[x](index.md){ .md-button }"),
    "attribute: id of a step": told("x\n{: #bridge-docker0 }", 2),
    "attribute: id of Material": told("x\n{: #__search }", 2),
    "attribute: style": told('x\n{: style="position:fixed" }', 2),
    "attribute: href again": told('[x](index.md){ href="javascript:alert(1)" }'),
    "attribute: target": told('[x](https://docs.docker.com){ target="_blank" }'),
    "attribute: download": told('[x](index.md){ download="x.exe" }'),
    "attribute: data": told('*x*{ data-clipboard-text="rm" }'),
    "attribute: srcdoc": told('*x*{ srcdoc="x" }'),
    "attribute: contenteditable": told('*x*{ contenteditable="true" }'),
    "attribute: tabindex": told('*x*{ tabindex="1" }'),
    "attribute: hidden": told("*x*{ hidden=hidden }"),
    "attribute: quotes": told("*x*{ title='\"><script>alert(1)</script>' }"),
    # addresses
    "javascript": told(f"[x]({JS})"),
    "javascript in capitals": told("[x](JaVaScRiPt:alert(1))"),
    "javascript in angles": told(f"[x](<{JS}>)"),
    "javascript behind a blank": told(f"[x]( {JS})"),
    "javascript with entities": told("[x](&#106;avascript:alert(1))"),
    "javascript with a named entity": told("[x](javascript&colon;alert(1))"),
    "javascript with a tab": told("[x](java&Tab;script:alert(1))"),
    "javascript with a newline": told("[x](java&#10;script:alert(1))"),
    "javascript with a control character": told("[x](\x01javascript:alert(1))"),
    "javascript by reference": told(f"[x][1]\n\n[1]: {JS}", 3),
    "javascript by short reference": told(f"[x]\n\n[x]: {JS}", 3),
    "javascript by reference in angles": told(f"[x][1]\n\n[1]: <{JS}> 'title'", 3),
    "javascript by reference on the next line": told(f"[x][1]\n\n[1]:\n    {JS}", 4),
    "javascript in angles alone": told(f"<{JS}>"),
    "javascript with percents": told("[x](%6aavascript:alert(1))"),
    "javascript in HTML": told(f'<a href="{JS}">x</a>'),
    "javascript in a table": told(f"| a |\n|---|\n| [x]({JS}) |", 3),
    "javascript in a footnote": told(f"x[^1]\n\n[^1]: [x]({JS})", 3),
    "javascript in a heading": told(f"## [x]({JS}) {{#x}}"),
    "javascript on a picture": told(f"[![x](y.png)]({JS})"),
    "data": told("[x](data:text/html,<script>alert(1)</script>)"),
    "data in base64": told("[x](data:text/html;base64,PHNjcmlwdD4=)"),
    "vbscript": told("[x](vbscript:msgbox)"),
    "file": told("[x](file:///etc/passwd)"),
    "blob": told("[x](blob:x)"),
    "view-source": told("[x](view-source:x)"),
    "another scheme": told("[x](steam://run/1)"),
    "no scheme": told("[x](//evil.example/)"),
    "backslashes": told("[x](\\\\\\\\evil.example/)"),
    "an absolute path": told("[x](/etc/passwd)"),
    "a path out of the site": told("[x](../../../../etc/passwd)"),
    "a file beside the page": told("[x](x.html)"),
    "an address that is none": told("[x](https://[x)"),
    "a link's title": told('[x](index.md "\\"><script>alert(1)</script>")'),
    # templates and the rest
    "Jinja": told("{{{ ''.__class__.__mro__ }}}"),
    "a title of Jinja": told('# {{{ value("bridge", "gateway") }}} {#x}'),
    "a title of Python": told("# {{{ 7 * 7 }}} {#x}"),
    "a block of Jinja": told("{{% include '/etc/passwd' %}}"),
    "a comment of Jinja": told("{## {{{ 7*7 }}} ##}{{{ 7 }}}"),
    "two braces": inert("{{ cycler.__init__.__globals__ }}"),
    "a snippet": inert('--8<-- "/etc/passwd"'),
    "a snippet of a block": inert("--8<--\n/etc/passwd\n--8<--"),
    "an include": inert("{!/etc/passwd!}"),
    "an abbreviation": inert("*[Docker]: x"),
    "an abbreviation with script": told("*[Docker]: <script>alert(1)</script>"),
    "a footnote named by markup": told('x[^"><script>alert(1)</script>]\n\n[^"><script>]: y'),
    "what Markdown keeps for itself": inert("\x02wzxhzdk:0\x03 \x02amp\x03 klzzwxh:0000"),
    "a stash and what fills it": inert("\x02wzxhzdk:0\x03 &lt;b&gt; `x`"),
    "entities": inert("&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;"),
    "code": inert("`<script>alert(1)</script>`"),
    "code of two": inert("``<script>` </script>``"),
    "a fence": inert("```html\n<script>alert(1)</script>\n</code></pre><script>\n```"),
    "a fence with a title": inert('```html title="<script>alert(1)</script>"\nx\n```'),
    "emphasis across": inert("*<*script*>*alert(1)"),
    "NUL": inert("a\x00b"),
    "bidi": inert("a\u202eb"),
    "an autolink": inert("<https://docs.docker.com/>"),
    "a mail": inert("<a@b.example>"),
    "tabs of ours": told('=== "x"\n\n    <script>alert(1)</script>', 3),
    "a critic's mark": inert("{++<++}script{++>++}"),
    "a key": inert("++ctrl+alt++"),
    "an emoji": inert(":material-skull:"),
    "a task": inert("- [ ] x"),
}


HEADS: dict[str, tuple[str, int]] = {
    "a title that ends the title": ("title: </title><script>alert(1)</script>", 2),
    "a title with a quote": ("title: 'x\" onload=\"alert(1)'", 2),
    "a title of Jinja": ("title: '{{{ 7 * 7 }}}'", 2),
    "a title of two braces": ("title: '{{ config }}'", 2),
    "a title with an entity": ("title: '&lt;script&gt;'", 2),
    "a title with code": ("title: '`x`'", 2),
    "a title with a link": ("title: '[x](javascript:alert(1))'", 2),
    "a title of two lines": ("title: |\n  x\n  <script>", 2),
    "a title that is a list": ("title: [a]", 2),
    "a title that is a date": ("title: 2026-11-24", 0),
    "a title that is true": ("title: true", 2),
    "no title": ("description: y", 0),
    "an empty title": ("title: ''", 2),
    "two titles": ("title: x\ntitle: <script>", 3),
    "a description that ends its attribute": (
        "title: x\ndescription: '\"><script>alert(1)</script>'",
        3,
    ),
    "a description with a handler": ("title: x\ndescription: '\" onfocus=\"x'", 3),
    "a description with an apostrophe's markup": ('title: x\ndescription: "\'><svg>"', 3),
    "a template of its own": ("title: x\ndescription: y\ntemplate: ../../../etc/passwd", 4),
    "macros again": ("title: x\ndescription: y\nrender_macros: true", 4),
    "an icon from elsewhere": ("title: x\ndescription: y\nicon: ../../../etc/passwd", 4),
    "an icon of markup": ("title: x\ndescription: y\nicon: <script>", 4),
    "an icon that is a list": ("title: x\ndescription: y\nicon: [a]", 4),
    "a status of markup": ("title: x\ndescription: y\nstatus: '\"><script>'", 4),
    "hidden heaps": ("title: x\ndescription: y\nhide: [[toc]]", 4),
    "a hidden heap": ("title: x\ndescription: y\nhide: <script>", 4),
    "search of markup": ("title: x\ndescription: y\nsearch: <script>", 4),
    "search with a script": ("title: x\ndescription: y\nsearch: {boost: '<script>'}", 4),
    "a redirect": ("title: x\ndescription: y\nredirect: //evil.example", 4),
    "a canonical address": ("title: x\ndescription: y\ncanonical_url: //evil.example", 4),
    "scripts of its own": ("title: x\ndescription: y\nextra_javascript: [x.js]", 4),
    "a tag of Python": ("title: !!python/object/apply:os.system [id]\ndescription: y", 2),
    "a tag of MkDocs": ("title: !ENV HOME\ndescription: y", 2),
    "an alias": ("title: &a x\ndescription: *a", 3),
    "a heap of aliases": ("title: x\ndescription: y\nsearch: &a [*a, *a]", 4),
    "a deep heap": ("title: x\ndescription: " + "[" * 5000, 0),
    "no YAML": ("title: x\n\tdescription: y", 3),
    "a control character": ("title: 'x\x1b[2Jy'\ndescription: y", 0),
    "bidi in a title": ("title: 'x\u202ey'\ndescription: y", 2),
    "front matter of MultiMarkdown": ("", 0),
}


@pytest.mark.parametrize("name", HEADS)
def test_what_a_page_says_of_itself_is_plain_text(tmp_path: Path, name: str) -> None:
    head, line = HEADS[name]
    front = f"---\n{head}\n---\n" if head else "title: x\ntemplate: evil.html\n\n"
    write(tmp_path, "x")
    for language in LANGUAGES:
        (tmp_path / f"docs/{language}/index.md").write_text(f"{front}{ALL}", "utf-8")
    found = [one for one in checks.check(tmp_path, SCENES) if one.path == "docs/en/index.md"]
    assert found
    assert not line or line in [one.line for one in found], found
    assert all(str(one).replace("\n", "").isprintable() for one in found)


NAV: dict[str, str] = {
    "a title of markup": '  - "<script>alert(1)</script>": index.md',
    "a section of markup": '  - "<img src=x onerror=alert(1)>":\n      - index.md',
    "a title with a quote": "  - 'x\" onclick=\"alert(1)': index.md",
    "a title of two lines": '  - "x\\ny": index.md',
    "javascript": '  - x: "javascript:alert(1)"\n  - index.md',
    "javascript with slashes": '  - x: "javascript://%0aalert(1)"\n  - index.md',
    "data": '  - x: "data://text/html,x"\n  - index.md',
    "a path out of the site": "  - x: ../../../etc/passwd\n  - index.md",
    "an absolute path": "  - x: /etc/passwd\n  - index.md",
    "a tag of Python": "  - !!python/name:os.system\n  - index.md",
}


@pytest.mark.parametrize("name", NAV)
def test_what_the_navigation_says_is_plain_text(tmp_path: Path, name: str) -> None:
    write(tmp_path, ALL)
    config = tmp_path / "mkdocs.en.yml"
    config.write_text(f"nav:\n{NAV[name]}\n", "utf-8")
    found = [one for one in checks.check(tmp_path, SCENES) if one.path == "mkdocs.en.yml"]
    assert [one for one in found if one.line == 2], found


def test_there_are_enough_of_them() -> None:
    assert len(PAGES) + len(HEADS) + len(NAV) >= 200


def full(root: Path) -> Markdown:
    """Markdown as MkDocs has it, colours and all."""
    written = yaml_load((REPOSITORY / "mkdocs.yml").read_text("utf-8"))["markdown_extensions"]
    return Markdown(extensions=list(written), extension_configs=dict(written))


def wrong(root: Path, text: str) -> list[tuple[int, str]]:
    """What is wrong with an English page, by the lines of its text."""
    above = FRONT.count("\n")
    return [
        (one.line - above, one.what)
        for one in checks.check(root, SCENES)
        if one.path == "docs/en/index.md" and "index.md" not in one.what
    ]


def jinja(**shown: object) -> Environment:
    """An environment as mkdocs-macros makes it from our configuration, with these macros."""
    plugin = yaml_load((REPOSITORY / "mkdocs.yml").read_text("utf-8"))["plugins"]["macros"]
    options = {name[3:]: one for name, one in plugin.items() if name.startswith("j2_")}
    made = Environment(loader=FileSystemLoader("/"), undefined=StrictUndefined, **options)
    made.globals.update(shown)
    return made


JINJA = {
    "an attribute": "{{{ steps.__globals__ }}}",
    "an attribute of what a call gives": '{{{ value("a", "b").upper() }}}',
    "an item": '{{{ value("a", "b")[0] }}}',
    "a filter": '{{{ value("a", "b")|upper }}}',
    "a filter block": "{{% filter upper %}}x{{% endfilter %}}",
    "arithmetic": "{{{ 7 * 7 }}}",
    "a name": "{{{ config }}}",
    "a name of Jinja's": "{{{ cycler.__init__.__globals__ }}}",
    "another's call": "{{{ lipsum() }}}",
    "another's macro": "{{{ macros_info() }}}",
    "a call in a call": '{{{ steps("a", value("a", "b")) }}}',
    "a star": '{{{ steps(*["a", "b"]) }}}',
    "a keyword": '{{{ steps("a", step="b") }}}',
    "a condition": '{{{ value("a", "b") if true else 0 }}}',
    "two texts": '{{{ "a" ~ "b" }}}',
    "a file": "{{% include '/etc/passwd' %}}",
    "a file with macros": "{{% import '/etc/passwd' as x %}}{{{ x }}}",
    "a parent": "{{% extends '/etc/passwd' %}}",
    "a loop": "{{% for a in 'ab' %}}{{{ a }}}{{% endfor %}}",
    "a setting": "{{% set steps = 7 %}}",
    "raw text": "{{% raw %}}{{{ 7 }}}{{% endraw %}}",
    "no end": '{{{ steps("a", "b")',
}


@pytest.mark.parametrize("text", JINJA.values(), ids=JINJA)
def test_jinja_compiles_nothing_but_calls_whoever_asks_it(text: str) -> None:
    """As if no check had read the page."""
    bare = jinja(steps=lambda *_: "x", value=lambda *_: "x")
    assert bare.from_string('a {{{ value("a", "b") }}} {{ b }} {% c %} {# d #}\n').render() == (
        "a x {{ b }} {% c %} {# d #}\n"
    )
    with pytest.raises(TemplateSyntaxError):
        bare.from_string(text)
    assert (bare.loader, bare.filters, bare.tests) == (None, {}, {})
    assert bare.globals.keys() == {"steps", "value"}


@pytest.mark.parametrize("name", PAGES)
def test_jinja_gives_out_what_a_stranger_wrote_or_refuses_it(name: str) -> None:
    text = PAGES[name].text
    try:
        template = jinja(value=lambda *names: f'{{{{{{ value("{names[0]}", "{names[1]}") }}}}}}')
        assert template.from_string(text).render() == text
    except TemplateSyntaxError:
        assert "{{{" in text or "{{%" in text


def test_delimiters_other_than_those_that_pages_are_read_by_are_refused() -> None:
    other = Environment(extensions=[Gate])
    with pytest.raises(TemplateSyntaxError, match="delimiters"):
        other.from_string("{{ 7 * 7 }}")


ATTACKS = {
    "a page that nobody has read": (
        "{{{ cycler.__init__.__globals__ }}}", "unread", "", "a page may hold only"),
    "a page that is changed once it is read": (
        "x", "macros", "return markdown + '{{{ 7 * 7 }}}'", "not the text that was checked"),
    "a page that loses what was read": (
        "x", "macros", "return markdown.replace('x', '')", "not the text that was checked"),
    "a page that gets another call": (
        '{{{ value("bridge", "gateway") }}}', "macros",
        "return markdown.replace('gateway', 'nasty')", "not the text that was checked"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "module", "hook", "told"), ATTACKS.values(), ids=ATTACKS)
def test_mkdocs_renders_what_was_checked_and_nothing_else(
    tmp_path: Path, text: str, module: str, hook: str, told: str
) -> None:
    root = pages_project.make(tmp_path)
    (root / "unread.py").write_text("from macros.door import define_env\n")
    first = "from mkdocs.plugins import event_priority\n\n\n@event_priority(100)\n"
    seen = f"def on_page_markdown(markdown, **_):\n    {hook or 'return markdown'}\n"
    (root / "hook.py").write_text(first + seen)
    config = (root / "mkdocs.yml").read_text("utf-8")
    config = config.replace("module_name: macros", f"module_name: {module}")
    (root / "mkdocs.yml").write_text(config.replace("hooks:\n", "hooks:\n  - hook.py\n"), "utf-8")
    page = root / "docs/en/index.md"
    page.write_text(f"{FRONT}\n# X {{#x}}\n\n{text}\n")
    reports.save(root / "run.json", pages_project.REPORTS)
    job = Job(root / "mkdocs.en.yml", root / "out", root / "run.json")
    with ExitStack() as stack:
        renderer = Renderer(root)
        stack.callback(renderer.close)
        rendered = renderer.render(job).result()
    assert told in " ".join(map(str, rendered.mistakes))
    built = root / "out/index.html"
    assert not built.exists() or "<pre>docs" in built.read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_what_a_stranger_writes_is_a_mistake_with_its_line_or_text(
    tmp_path: Path, name: str
) -> None:
    page = PAGES[name]
    write(tmp_path, f"{page.text}\n\n{ALL}")
    found = wrong(tmp_path, page.text)
    if page.line:
        assert page.line in [line for line, _ in found], found
        assert all(what.strip() for _, what in found)
        return
    html = full(tmp_path).convert(page.text)
    assert found == []
    assert active(html) == []
    assert not OURS.search(html)
