"""What the built site weighs, scores and searches, beside Material's own defaults.

Lighthouse comes by Node's `npx` into `.cache/`; the browser is Debian's. Slow, and never a test.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from mkdocs.utils.yaml import yaml_load
from playwright.sync_api import sync_playwright

from macros.languages import read

from ..browser import chromium
from ..browser.search import ask, first, golden, ready
from ..browser.served import Packed, served
from ..browser.weight import first_load, packed
from .paste import paste

ROOT = Path(__file__).parents[2]
LIGHTHOUSE = "lighthouse@13"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
KEPT = ("site_name", "site_description", "nav", "markdown_extensions")
"""What the pages need of our `mkdocs.yml`; the rest is left as Material has it."""
HEAVIEST = 5
ROUNDS = 3
PHONE = 4
"""How much slower a phone is, as Lighthouse has it."""


def main() -> None:
    """Print weights, search times and Lighthouse's scores: of ours, then of the defaults."""
    if not (ROOT / "site").is_dir():
        sys.exit("there is no site/ yet: run scripts/build")
    if not shutil.which("npx"):
        sys.exit("npx is not installed; on Debian: apt-get install npm")
    with tempfile.TemporaryDirectory(prefix="weigh-") as scratch:
        for name, site in (("ours", ROOT / "site"), ("defaults", material(Path(scratch)))):
            with served(site, Packed) as address:
                for language in read(ROOT):
                    index = sum(map(packed, (site / language / "search").iterdir()))
                    loaded = first_load(heaviest(site / language)[0])
                    print(
                        f"{name}, {language}: search index {index / 1000:.0f} KB,"
                        f" heaviest first load {loaded / 1000:.1f} KB, both gzipped",
                        flush=True,
                    )
                    for line in searched(address, language) if name == "ours" else ():
                        print(f"{name}, {language}: {line}", flush=True)
                for page in heaviest(site):
                    print(f"{name}, {scores(address, page.relative_to(site))}", flush=True)


def heaviest(directory: Path) -> list[Path]:
    """The pages that weigh most, first the heaviest."""
    return sorted(directory.rglob("*/index.html"), key=packed, reverse=True)[:HEAVIEST]


def material(place: Path) -> Path:
    """The same pages built by Material as it comes; where they are."""
    copy = paste(ROOT, place / "plain")
    for language, its in read(ROOT).items():
        with (ROOT / its.config).open("rb") as file:
            ours = yaml_load(file)
        plain = {key: ours[key] for key in KEPT} | {
            "docs_dir": f"docs/{language}",
            "site_dir": str(place / "built" / language),
            "theme": {"name": "material", "language": language},
            "plugins": ["search"],
        }
        (copy / its.config).write_text(yaml.safe_dump(plain, allow_unicode=True))
        command = [sys.executable, "-m", "mkdocs", "build", "-q", "--no-strict", "-f", its.config]
        ours_too = os.environ | {"PYTHONPATH": str(ROOT)}  # its Markdown is extended by ours
        subprocess.run(command, cwd=copy, env=ours_too, check=True)
    return place / "built"


def searched(address: str, language: str) -> Iterator[str]:
    """How much of the golden set search answers, and how long it takes: here, and on a phone."""
    queries = [query for query in golden() if query.language == language]
    texts = [query.text for query in queries]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path(), args=list(chromium.ARGUMENTS)
        )
        for slower in (1, PHONE):
            page = browser.new_page()
            page.goto(f"{address}{language}/modes/bridge/", wait_until="networkidle")
            throttle = {"rate": slower}
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", throttle)
            cold, warm = first(page, texts[0]), first(page, texts[1])
            ready(page, f"{address}{language}/")
            found = ask(page, f"{address}{language}/", texts)
            took = [answer.took for answer in found]
            slow = statistics.quantiles(took, n=20)[-1]
            yield (
                f"search, processor x{slower}: first hit {cold:.0f} ms with the index to load,"
                f" {warm:.0f} ms without; median {statistics.median(took):.0f}, p95 {slow:.0f}"
            )
            page.close()
        browser.close()
    for held, name in ((False, "golden set"), (True, "held-out set")):
        hits = [q.hit(a.pages) for q, a in zip(queries, found, strict=True) if q.held is held]
        yield f"{name}: {sum(hits)} of {len(hits)} in the first three, {sum(hits) / len(hits):.1%}"


def scores(address: str, page: Path) -> str:
    """Lighthouse's scores of one page on its phone profile: the run in the middle of three."""
    runs = [audited(f"{address}{page.parent.as_posix()}/") for _ in range(ROUNDS)]
    told = sorted(runs, key=lambda one: one["categories"]["performance"]["score"])[ROUNDS // 2]
    said = [f"{name} {round(100 * told['categories'][name]['score'])}" for name in CATEGORIES]
    spent = [
        f"{short} {told['audits'][audit]['displayValue']}"
        for short, audit in (
            ("FCP", "first-contentful-paint"),
            ("LCP", "largest-contentful-paint"),
            ("TBT", "total-blocking-time"),
            ("CLS", "cumulative-layout-shift"),
        )
    ]
    return f"{page.parent}: {', '.join(said)} ({', '.join(spent)})"


def audited(url: str) -> dict[str, Any]:
    """What one run of Lighthouse found; raises `CalledProcessError` where it fails."""
    flags = " ".join(("--headless=new", *chromium.ARGUMENTS))
    command = [
        "npx", "--yes", "--loglevel=error", "--cache", str(ROOT / ".cache/npm"), LIGHTHOUSE,
        url, "--quiet", "--output=json",
        f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}",
    ]  # fmt: skip
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
