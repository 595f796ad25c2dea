"""A whole build, from scenes to site: check, run or replay, judge, publish or say why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from .. import shards
from ..build import judge_shards, run_or_replay, run_shard
from ..errors import Exit, Mistakes
from ..model import Mode, Say
from ..outcome import Order, Outcome
from ..pages import addresses, checks, claims
from ..rigs.run import OnProgress
from ..scenes.scene import Scene, read_all
from ..site import archive, places, site, stamp
from .summary import summary


def run_part(order: Order, say: Say, tell: OnProgress) -> Iterator[str]:
    """Run one shard, write its report; what is to be said of it. Raises as `build` does."""
    assert order.shard
    brought = run_shard(order, read_checked(order.root)[0], say, tell)
    name = shards.file_name(order.shard)
    shards.write(order.root / name, brought)
    steps = sum(len(printed.results) for printed in brought.played.first.values())
    yield f"{name}: {len(brought.played.first)} scenes, {steps} steps; nothing is judged yet"
    together = f"scripts/build --from shard-*-of-{order.shard.of}.json"
    yield f"with all {order.shard.of} of them: {together}"


def build(
    order: Order,
    say: Say,
    tell: OnProgress,
    *,
    zipped: bool = False,
    reports: Sequence[Path] = (),
) -> Outcome:
    """Run a whole build and publish it: in `site/`, or beside it where something failed.

    With `reports`, those of all shards, nothing runs: it is judged what other machines ran.

    Where there is no `site/` yet, there is one afterwards, whatever failed; `zipped` asks for
    `site.zip` beside it. Raises `Mistakes` (before anything runs), `RigBroken`, `Unrecorded`.
    """
    places.check(order.root)
    before = inputs(order, zipped)
    scenes, given = read_checked(order.root)
    if addresses.extend(order.root, given):
        say(f"{addresses.FILE} has new addresses: commit it")
        before = inputs(order, zipped)
    if reports:
        outcome = judge_shards(order, scenes, reports)
    else:
        outcome = run_or_replay(order, scenes, say, tell)
    if outcome.unrecorded:
        return outcome
    bad = outcome.status in (Exit.FAILED, Exit.BROKEN)
    if not bad and (unbacked := claims.check(order.root, outcome.reports)):
        if outcome.saved:
            say(f"recorded: {', '.join(sorted(outcome.saved))}")
        raise Mistakes(unbacked)
    name = places.FAILED if bad and (order.root / places.SITE).exists() else places.SITE
    published = site.build(order.root, outcome.reports, say, name, outcome.packages)
    if zipped and not bad:
        archive.write(order.root, outcome.reports, say, outcome.packages)
    outcome = replace(outcome, site=order.root / name)
    if before and outcome.status is Exit.FINE and before == inputs(order, zipped):
        with suppress(OSError):  # the site is there
            stamp.write(order.root, before, published.digest, summary(outcome))
    return outcome


def inputs(order: Order, zipped: bool) -> str:
    """A digest of all that a replay reads; "" for another build, and where it cannot be read."""
    if zipped or order != Order(order.root, Mode.REPLAY):
        return ""
    with suppress(OSError):
        return stamp.inputs(order.root)
    return ""


def read_checked(root: Path) -> tuple[dict[str, Scene], frozenset[str]]:
    """Every scene, and every address that the site will have.

    Raises `Mistakes` with all that is wrong with scenes and with pages.
    """
    scenes, wrong = read_all(root)
    checked = checks.check_all(root, scenes, {Path(mistake.path).stem for mistake in wrong})
    if wrong := [*wrong, *checked.mistakes]:
        raise Mistakes(wrong)
    return scenes, checked.addresses
