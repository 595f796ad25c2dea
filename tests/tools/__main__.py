"""Where `python -m tests.tools` begins: what looks at the project itself, and takes long."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

import macros.__main__  # noqa: F401 - an interrupt ends this in silence from now on
from macros.cli import ROOT, console, names, rigs_run, run
from macros.commands.progress import showing


@click.group()
def main() -> None:
    """Tools of those who work on the project: no build needs them."""


@main.command()
@click.option("--mutate", is_flag=True, help="Run SCENEs wrong in one place each.")
@click.option("--steady", type=click.IntRange(2), metavar="N", help="Run SCENEs N times.")
@click.option("--rigs", type=int, default=0, help="Rigs side by side, for --mutate.")
@click.option("--zensical", is_flag=True, help="Build the pages with Zensical, too.")
@click.option("--fix", is_flag=True, hidden=True)
@rigs_run
@names
def check(
    mutate: bool,
    steady: int | None,
    rigs: int,
    zensical: bool,
    fix: bool,
    scenes: tuple[str, ...],
) -> None:
    """Run SCENEs, or all, to see whether they notice what is wrong, or say the same each time."""
    if fix:
        raise click.UsageError("--fix mends code and pages, all of them: leave out the rest")
    if zensical:
        from .zensical import check as compared

        sys.exit(compared(ROOT, click.echo))
    if steady:
        from .steady import steady as steadied

        sys.exit(steadied(ROOT, steady, scenes, None, click.echo))
    from .mutate import mutate as mutated

    with showing(console) as (say, tell):
        tally = mutated(ROOT, scenes, rigs, say, tell)
    for line in tally.lines():
        click.echo(line)
    sys.exit(tally.status)


@main.command()
@click.option("--rigs", type=int, multiple=True, help="Rigs side by side; may be given often.")
@click.option("--closed", is_flag=True, help="Only closed rigs, against open ones.")
@click.option("--replay", is_flag=True, help="Only a replay build, against plain MkDocs.")
@names
def bench(rigs: tuple[int, ...], closed: bool, replay: bool, scenes: tuple[str, ...]) -> None:
    """Measure the build against its floors, side by side in one run."""
    from . import bench as benched

    if closed:
        benched.closed(ROOT, click.echo, scenes)
    elif replay:
        benched.replay(ROOT, click.echo)
    else:
        benched.live(ROOT, click.echo, rigs, scenes)
        benched.replay(ROOT, click.echo)
        benched.saving(ROOT, click.echo)


@main.command("ranks")
@click.argument("site", type=click.Path(path_type=Path, exists=True, file_okay=False))
def told_ranks(site: Path) -> None:
    """Say as JSON where the search of SITE finds the pages of the golden queries."""
    from .ranks import ranks

    click.echo(json.dumps(ranks(site), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    run(main)
