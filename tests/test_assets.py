"""Styles as they are served: nothing that a page may need is missing, and little else is there."""

from __future__ import annotations

import pytest

from macros.site import assets
from macros.site.browsed import browse

PAGE = (
    """<body dir="ltr" data-md-color-primary="white"><p class="a  b">x</p><i class=c>y</i></body>"""
)
SCRIPT = """element.classList.add("md-late")"""
KNOWN = assets.known_names([browse(PAGE)], [SCRIPT])


@pytest.mark.parametrize(
    ("css", "served"),
    [
        ("p{x:1}.a{x:2}.a>.b:hover{x:3}.c{x:4}.md-late{x:5}",) * 2,
        (".tabs{x:1}.a .tabs{x:2}.a{x:3}", ".a{x:3}"),
        (".tabs,.a,.b .tabs{x:1}", ".a{x:1}"),
        ("[dir=rtl] .a{x:1}[dir=ltr] .a{x:2}", "[dir=ltr] .a{x:2}"),
        ("[data-md-color-primary=pink]{x:1}[data-md-color-primary=white]{x:2}",
         "[data-md-color-primary=white]{x:2}"),
        ("@media print{.tabs{x:1}.a{x:2}}", "@media print{.a{x:2}}"),
        (":is(.tabs,.a:lang(zh)):not(.tabs) p{x:1}",) * 2,
        ("@keyframes k{0%{x:1}to{x:2}}:root{--i:url('a.svg')}",) * 2,
    ],
)  # fmt: skip
def test_a_selector_that_nothing_wears_is_left_out(css: str, served: str) -> None:
    assert assets.fitting(css, KNOWN) == served
