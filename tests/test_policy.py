"""The last look at what is built: a page holds what the theme puts there, and a policy."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from macros.errors import Mistakes
from macros.site import policy
from macros.site.browsed import browse, with_policy

SCOPE = '__md_scope=new URL("%s",location)'
PAGE = """\
<!doctype html><html><head><meta charset="utf-8">
<script>%s</script><script>var palette=1</script>
<link rel="stylesheet" href="../../assets/site.css"><link rel="canonical" href="https://x.example/">
</head><body><form name="search"></form><a href="https://x.example"></a><a href="mailto:a@b.c">x</a>
<table><tr><td style="text-align: right;">1</td></tr></table>%s
<script id="__config" type="application/json">{"base": "%s"}</script>
<script src="../../assets/bundle.js"></script></body></html>
"""


def site(root: Path, inside: str = "", theme: str = "") -> Path:
    """A built site of one page in each language."""
    themes = root / policy.THEME
    themes.mkdir(parents=True)
    new = root / "new"
    for name, template in policy.TEMPLATES.items():
        (themes / template).write_text(PAGE % ("let first = 1", "", "/"))
        (new / name).parent.mkdir(exist_ok=True)
        (new / name).write_text(PAGE % ("let first = 1", "", "/"))
    for language in ("zh", "en"):
        page = new / language / "modes/bridge/index.html"
        page.parent.mkdir(parents=True)
        page.write_text(PAGE % (SCOPE % "../..", inside, "../.."))
        (new / language / "404.html").write_text(PAGE % (SCOPE % "/net/", theme, "/net/"))
    return new


def write(root: Path, new: Path, *, hosted: bool = True) -> None:
    policy.write(new, root, ("zh", "en"), "/net/", hosted=hosted)


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_a_page_names_the_hashes_of_its_own_scripts(tmp_path: Path) -> None:
    new = site(tmp_path)
    write(tmp_path, new)
    text = (new / "en/modes/bridge/index.html").read_text()
    own = [digest(SCOPE % "../.."), digest("var palette=1")]
    assert f"script-src 'self' {' '.join(own)};" in text
    assert text.index("http-equiv") < text.index("<script")
    assert digest(SCOPE % "/net/") not in text
    headers = (new / "_headers").read_text()
    for one in (*own, digest(SCOPE % "/net/"), digest("let first = 1")):
        assert headers.count(one) == 1
        assert (new / "nginx.conf").read_text().count(one) == 1
    assert "frame-ancestors 'none'" in headers
    assert "frame-ancestors" not in text
    assert "location /net/transcripts/" in (new / "nginx.conf").read_text()


def test_the_same_site_has_the_same_policy_and_is_given_it_once(tmp_path: Path) -> None:
    new, other = site(tmp_path / "a"), site(tmp_path / "b")
    write(tmp_path / "a", new)
    first = {path.relative_to(new): path.read_bytes() for path in new.rglob("*.*")}
    write(tmp_path / "a", new)
    write(tmp_path / "b", other)
    assert first == {path.relative_to(new): path.read_bytes() for path in new.rglob("*.*")}
    assert first == {path.relative_to(other): path.read_bytes() for path in other.rglob("*.*")}


def test_a_site_for_a_disk_has_no_headers(tmp_path: Path) -> None:
    new = site(tmp_path)
    write(tmp_path, new, hosted=False)
    assert sorted(path.name for path in new.glob("*.*")) == ["404.html", "index.html"]


INSIDE = {
    "a script": "<script>alert(1)</script>",
    "a script of another kind": "<script type=module>alert(1)</script>",
    "the theme's script, and more": "<script>var palette=1;alert(1)</script>",
    "a script of a third party": '<script src="https://unpkg.com/mermaid@11"></script>',
    "a script without scheme": '<script src="//evil.example/x.js"></script>',
    "a script as data": '<script src="data:text/javascript,alert(1)"></script>',
    "a style": "<style>body{}</style>",
    "a style of a third party": '<link rel="stylesheet" href="https://evil.example/x.css">',
    "a preload": '<link rel="preload" href="https://evil.example/x">',
    "a handler": '<p onclick="alert(1)">x</p>',
    "a handler in capitals": "<p OnMouseOver=alert(1)>x</p>",
    "a frame": "<iframe></iframe>",
    "a frame's document": '<p srcdoc="x">',
    "a base": '<base href="https://evil.example/">',
    "an object": '<object data="x"></object>',
    "an embed": "<embed src=x>",
    "a form": '<form action="https://evil.example/"></form>',
    "a button of a form": '<button formaction="javascript:alert(1)">x</button>',
    "a refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "a policy of its own": '<meta http-equiv="Content-Security-Policy" content="default-src *">',
    "javascript": '<a href="javascript:alert(1)">x</a>',
    "javascript with a tab": '<a href="java\tscript:alert(1)">x</a>',
    "javascript as entities": '<a href="&#106;avascript&colon;alert(1)">x</a>',
    "javascript in capitals": '<a href=" JaVaScRiPt:alert(1)">x</a>',
    "vbscript": '<a href="vbscript:x">x</a>',
    "data": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "a file": '<a href="file:///etc/passwd">x</a>',
    "a picture of a third party": '<img src="https://evil.example/x.png">',
    "a picture without scheme": '<img src="//evil.example/x.png">',
    "a link in a drawing": '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
    "mathematics": "<math><mi>x</mi></math>",
    "an address that is none": '<a href="https://[x">x</a>',
}


@pytest.mark.parametrize("name", INSIDE)
def test_what_no_theme_puts_into_a_page_is_not_published(tmp_path: Path, name: str) -> None:
    new = site(tmp_path, INSIDE[name])
    with pytest.raises(Mistakes) as refused:
        write(tmp_path, new)
    lines = str(refused.value).splitlines()
    assert {one.partition(": ")[0] for one in lines} == {
        "site/en/modes/bridge/index.html",
        "site/zh/modes/bridge/index.html",
    }
    assert not (new / "_headers").exists()


def test_what_the_theme_puts_into_its_404_is_the_themes(tmp_path: Path) -> None:
    write(tmp_path, site(tmp_path, "<script>let a = 1</script>", "<script>let a = 1</script>"))


def test_a_policy_goes_behind_the_charset() -> None:
    text = '<html>\n网\u2028x\n <meta charset="utf-8"><title>t'
    sealed = with_policy(text, "default-src 'none'")
    assert sealed.replace(text[:-8], "").endswith("><title>t")
    assert browse(sealed).sealed == "default-src 'none'"


HIDDEN = {
    "in a title": '<title><meta charset="utf-8"></title>',
    "in a script": '<script>var palette=1//<meta charset="utf-8"></script>',
    "in a template": '<template><meta charset="utf-8"></template>',
    "nowhere": "<title>x</title>",
}


@pytest.mark.parametrize("head", HIDDEN.values(), ids=HIDDEN)
def test_a_page_without_a_place_for_its_policy_is_not_published(tmp_path: Path, head: str) -> None:
    new = site(tmp_path)
    page = new / "en/modes/bridge/index.html"
    page.write_text(page.read_text().replace('<meta charset="utf-8">', head))
    with pytest.raises(Mistakes):
        write(tmp_path, new)


NESTED = {
    "a template": "<template><script>alert(1)</script></template>",
    "a script in a drawing": "<svg><script>alert(1)</script></svg>",
    "what ends a title": "<svg><title><script>alert(1)</script></title></svg>",
    "what only noscript shows": "<noscript><img src=x onerror=alert(1)></noscript>",
    "a table's stray handler": "<table><img src=x onerror=alert(1)></table>",
    "a comment": "<!-- x -->",
    "a comment that ends early": "<!--><script>alert(1)</script>-->",
}


@pytest.mark.parametrize("inside", NESTED.values(), ids=NESTED)
def test_what_a_browser_finds_in_other_elements_is_found(inside: str) -> None:
    page = browse(PAGE % ("", inside, "/"))
    assert page.faults or "alert(1)" in page.scripts
