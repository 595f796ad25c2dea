"""The command line behind `scripts/`: options in, exit status out. Knows no more than that."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
from rich.console import Console

from . import engines, interrupts
from .commands import build as building
from .commands.progress import showing
from .errors import Exit, Problem
from .model import Mode, Shard
from .outcome import Order
from .rigs.outer_engine import RUNTIME, TRUSTED
from .scenes import scene
from .site import site

ROOT = Path(__file__).parent.parent
WHOLE = "site/ is whole: the one that was there, or the new one"
SHARD = re.compile(r"([1-9]\d?)/([1-9]\d?)")
console = Console(stderr=True)
names = click.argument("scenes", nargs=-1, metavar="[SCENE]...")
engine = click.option(
    "--engine",
    metavar="X",
    callback=lambda context, option, name: engines.named(name).name if name else None,
    help=f"Engine of the hosts: {', '.join(engines.known())}; the first is the default.",
)


def rigs_run(command: Callable[..., None]) -> Callable[..., None]:
    """Options of how rigs run; told to the engine as `DOCKER_HOST` is, by the environment."""

    def tell(context: click.Context, option: click.Parameter, value: str | bool) -> None:
        if value:
            os.environ[TRUSTED if option.name == "trusted" else RUNTIME] = str(value)

    for option in (
        click.option("--runtime", metavar="NAME", expose_value=False, callback=tell,
                     help="OCI runtime of the rigs: runsc, kata, sysbox-runc."),
        click.option("--trusted", is_flag=True, expose_value=False, callback=tell,
                     help="Open rigs: root in a scene is root of the machine."),
    ):  # fmt: skip
        command = option(command)
    return command


def shard(text: str | None) -> Shard | None:
    """The part of a build that `K/N` names. Raises `click.BadParameter`."""
    if text is None:
        return None
    number, of = map(int, match.groups()) if (match := SHARD.fullmatch(text)) else (0, 0)
    if not 1 <= number <= of:
        raise click.BadParameter(f'"{text}" is no part: write 2/3 for the second of three')
    return Shard(number, of)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Docker networking, every output really printed."""


@main.command()
@click.option("--replay", "mode", flag_value="replay", help="Use the recordings; no Docker.")
@click.option("--record", "mode", flag_value="record", help="Run, and save what was printed.")
@click.option("--strict-drift", is_flag=True, help="Drift and unsteady steps are exit 5.")
@click.option("--rigs", type=int, default=0, help="Rigs side by side; default: what serves best.")
@click.option("--zip", "zipped", is_flag=True, help="Write site.zip too: it opens from a disk.")
@click.option("--verify-all", is_flag=True, help="Trust no recording: one that differs is exit 1.")
@click.option(
    "--shard",
    metavar="K/N",
    callback=lambda context, option, text: shard(text),
    help="Run the Kth of N parts, and write what it printed to shard-K-of-N.json.",
)
@click.option("--from", "brought", is_flag=True, help="Run nothing: REPORTs of all shards.")
@click.option("--since", metavar="COMMIT", help="The scenes that the branch touches since there.")
@engine
@rigs_run
@click.argument("scenes", nargs=-1, metavar="[SCENE|REPORT]...")
def build(
    mode: str | None,
    strict_drift: bool,
    rigs: int,
    zipped: bool,
    verify_all: bool,
    shard: Shard | None,
    brought: bool,
    since: str | None,
    engine: str | None,
    scenes: tuple[str, ...],
) -> None:
    """Build site/: run SCENEs (default: all) on disposable hosts, render every language.

    Several machines do it together: each runs a --shard, then one reads --from all REPORTs.
    """
    if verify_all and (mode or engine or (scenes and not brought)):
        raise click.UsageError(
            "--verify-all runs all that is recorded, as it was: leave out the rest"
        )
    if since and (scenes or brought or verify_all):
        raise click.UsageError("--since says which scenes run: leave out the rest")
    if brought and (mode or engine or rigs or shard or not scenes):
        raise click.UsageError("--from takes the reports of all shards: what ran stands in them")
    if shard and (mode == "replay" or zipped or strict_drift):
        raise click.UsageError("--shard runs scenes and judges nothing: the rest is for --from")
    reports = tuple(map(Path, scenes)) if brought else ()
    if since:
        from .review import changes

        scenes = changes.since(ROOT, since)
        if not scenes:
            raise click.UsageError(f"nothing that runs is another than at {since}")
    order = Order(
        ROOT, Mode(mode or "verify"), () if brought else scenes, engine, strict_drift, rigs,
        verify_all, shard,
    )  # fmt: skip
    with showing(console) as (say, tell):
        if shard:
            said = list(building.run_part(order, say, tell))
        else:
            outcome = building.build(order, say, tell, zipped=zipped, reports=reports)
    if shard:
        click.echo("\n".join(said))
        return
    from .commands.summary import summary

    for line in summary(outcome):
        click.echo(line)
    sys.exit(outcome.status)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@rigs_run
@engine
def serve(host: str, port: int, engine: str | None) -> None:
    """Serve the site with live reload, from the recordings; an edited scene runs again alone.

    Ctrl-C ends it, with exit status 0.
    """
    from .commands.progress import plain
    from .commands.serve import serve

    serve(ROOT, engine, host, port, *plain(console))


@main.command()
@click.option("--fix", is_flag=True, help="Mend what can be mended.")
@click.option("--links", is_flag=True, help="Ask where links out of the site lead; exit 0.")
@names
def check(fix: bool, links: bool, scenes: tuple[str, ...]) -> None:
    """Check code, scenes, pages and transcripts.

    With SCENEs, only these and the pages that show them. --mutate and --steady N run them, and
    need an engine: see scripts/check --mutate --help.
    """
    if fix + links + bool(scenes) > 1:
        what = "--fix mends code and pages, --links asks of links, all of them"
        raise click.UsageError(f"{what}: leave out the rest")
    if links:
        from .commands.links import links as ask

        ask(ROOT, click.echo)
        return
    from .commands.check import check

    sys.exit(check(ROOT, fix, scenes, click.echo))


@main.command()
@click.option("--all", "everything", is_flag=True, help="All sections of all pages.")
@click.argument("pages", nargs=-1, metavar="[PAGE[#ID]]...")
def translated(pages: tuple[str, ...], everything: bool) -> None:
    """Say that pages, or sections, say the same in all languages: read, nothing to change.

    Without any, what languages owe each other.
    """
    from .commands.translated import translated

    sys.exit(translated(ROOT, pages, everything, click.echo))


@main.group()
def new() -> None:
    """Start a page or a scene, in every language, from one template that passes scripts/check."""


like = click.option("--like", metavar="SCENE", default="home", show_default=True,
                    help="The scene to begin from, with its recording.")  # fmt: skip


@new.command("page")
@click.argument("name", metavar="FOLDER/NAME")
@like
def new_page(name: str, like: str) -> None:
    """Start a page with a scene of its name, in the navigation and in its folder's list."""
    from .commands.new import page

    page(ROOT, name, like, click.echo)


@new.command("scene")
@click.argument("name")
@click.argument("page")
@like
def new_scene(name: str, page: str, like: str) -> None:
    """Start a scene, and a section of PAGE that shows it."""
    from .commands.new import scene_on

    scene_on(ROOT, name, page, like, click.echo)


@main.command()
@click.argument("name", metavar="SCENE")
@click.argument("step", required=False)
@click.option("--on", default="h1", help="Where the shell opens: h1, h2, lan, h1/CONTAINER.")
@rigs_run
@engine
def shell(name: str, step: str | None, on: str, engine: str | None) -> None:
    """Boot SCENE's hosts, play it up to STEP (default: only boot), open a shell there.

    The exit status is the shell's; 2 without a terminal, 3 where the scene cannot run here.
    """
    from .commands.shell import open_shell

    sys.exit(open_shell(scene.load_all(ROOT, (name,))[name], step, engine, on, click.echo))


@main.command()
@click.option("--all", "everything", is_flag=True, help="Images and engine data too.")
def clean(everything: bool) -> None:
    """Remove what dead runs left behind; nothing without this project's label is touched."""
    from .commands.clean import clean

    for line in clean(ROOT, everything):
        click.echo(line)


FILE = click.Path(path_type=Path, dir_okay=False)
SITE = click.Path(path_type=Path, file_okay=False, exists=True)


@main.command()
@click.option("--json", "data", type=FILE, help="Write what the comment is made from, too.")
@click.option("--machines", is_flag=True, help="Only say how many machines are to run its scenes.")
@click.option("--sites", type=(SITE, SITE), default=(None, None), help="The site before and after.")
@click.option(
    "--ranks", type=(FILE, FILE), default=(None, None), help="Likewise what scripts/ranks says."
)
@click.option("--preview", envvar="PREVIEW_URL", default="", help="Where the new site stands.")
@click.option("--run", "url", default="", help="Where the archive of the new site is to be had.")
@click.argument("base", metavar="COMMIT")
def changes(
    data: Path | None,
    machines: bool,
    sites: tuple[Path | None, Path | None],
    ranks: tuple[Path | None, Path | None],
    preview: str,
    url: str,
    base: str,
) -> None:
    """Say as Markdown what this branch changes for readers since it left COMMIT.

    Pages, recorded outputs, verdicts, addresses, search: a pull request's comment is made so.
    """
    from .review import changes as review
    from .review.comment import comment

    if machines:
        many = review.machines(ROOT, review.since(ROOT, base))
        click.echo(f"machines={[*range(1, many + 1)]}\nof={many}")
        return
    gathered = review.gather(ROOT, base, sites=sites, ranks=ranks)
    if data:
        data.write_text(gathered.model_dump_json(indent=1), "utf-8")
    click.echo(comment(gathered, preview, url))


@main.group()
def github() -> None:
    """Tell GitHub, as its workflows do, with GITHUB_TOKEN in GITHUB_REPOSITORY."""


@github.command("comment")
@click.option("--preview", envvar="PREVIEW_URL", default="", help="Where the new site stands.")
@click.argument("number", metavar="RUN", type=click.IntRange(1))
def github_comment(preview: str, number: int) -> None:
    """Say on the pull request of workflow run RUN what it changes; one comment, kept up to date."""
    from .review import github

    click.echo(github.comment_on(github.Repository.here(), number, preview))


@github.command("drift")
@click.argument(
    "texts", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, exists=True)
)
def github_drift(texts: tuple[Path, ...]) -> None:
    """Keep one issue open while a FILE says something, which is named after what it is of."""
    from .review import github

    said = {path.stem: path.read_text("utf-8", "backslashreplace") for path in texts}
    click.echo(github.tell_drift(github.Repository.here(), said))


def run(group: click.Group = main) -> None:
    """Run what the command line asks for; ends the process with its exit status."""
    interrupts.listen(late)
    name, *arguments = sys.argv[1:] or [""]
    try:
        if name in group.commands:
            script = group.commands[name]
            script.main(arguments, prog_name=f"scripts/{name}", standalone_mode=False)
        else:
            group(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(Exit.WRONG)
    except Problem as problem:
        told(str(problem), *notes(problem))
        sys.exit(problem.status)
    except OSError as error:
        told(f"{error.filename or 'the system'}: {error.strerror or error}", *notes(error))
        sys.exit(Exit.BROKEN)
    except (KeyboardInterrupt, click.Abort) as error:
        first = error.__cause__ if isinstance(error, click.Abort) else error
        with suppress(OSError):  # a disk that cannot be written
            list(site.sweep(ROOT))
        interrupts.deafen()
        told(f"interrupted; {'; '.join(notes(first)) or 'nothing is left behind'}; {WHOLE}")
        sys.exit(getattr(first, "status", 130))
    finally:  # also of who took an interrupt for its end: Python's own end would let the timer kill
        interrupts.deafen()


def told(*lines: str) -> None:
    """Say why this ends."""
    for line in lines:
        click.echo(line, err=True)


def notes(error: BaseException | None) -> list[str]:
    """What those who could not clean up have noted."""
    return getattr(error, "__notes__", [])


def late() -> None:
    """Say that something did not end in its time."""
    what = "an engine or a disk does not answer, and rigs may be left: scripts/clean removes them"
    told(f"interrupted; {what}; {WHOLE}")
