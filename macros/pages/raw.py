"""Transcripts as a reader saves them: plain text, byte for byte what was printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from .. import phrases
from ..languages import terminal
from ..model import Report, StepReport, Verdict


def write(directory: Path, run: Mapping[str, Report]) -> None:
    """Write the transcript of every scene of a run."""
    directory.mkdir(exist_ok=True)
    for name, report in run.items():
        (directory / f"{name}.txt").write_bytes(text(report).encode("utf-8", "surrogateescape"))


def text(report: Report) -> str:
    """Where it comes from as comments, then each step: prompt, command, output."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """The transcript, piece by piece."""
    yield f"# scene: {report.scene}\n# {report.mode}: {report.when}\n"
    for field, value in asdict(report.provenance).items():
        yield f"# {field}: {value}\n" if value else ""
    for option in report.options:
        yield f"# {option.host} {option.kind}: {option.text}\n"
    for step in report.steps:
        yield f"\n{step.on} $ {step.command}\n"
        yield ended(step.output)
        yield from told(step)


def told(step: StepReport) -> Iterator[str]:
    """What there is to say of a step, as comments below what it printed."""
    if step.tries > 1:
        yield f"# tries: {step.tries}\n"
    if step.exit:
        yield f"# exit status: {step.exit}\n"
    if step.verdict is Verdict.PASSED:
        return
    why = phrases.blame(step, terminal())
    yield f"# {step.verdict}: {why}\n" if why else f"# {step.verdict}\n"
    if step.verdict is Verdict.UNSTEADY:
        yield f"# the other run of this build printed{':' if step.other else ' nothing'}\n"
        yield "".join(f"# {line}\n" for line in ended(step.other).split("\n")[:-1])


def ended(text: str) -> str:
    """A text whose last line is ended."""
    return text if text.endswith("\n") or not text else f"{text}\n"
