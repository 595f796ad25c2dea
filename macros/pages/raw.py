"""Transcripts as a reader saves them: plain text, byte for byte what was printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from ..model import Report, Verdict


def write(directory: Path, run: Mapping[str, Report]) -> None:
    """Write the transcript of every scene of a run."""
    directory.mkdir(exist_ok=True)
    for name, report in run.items():
        (directory / f"{name}.txt").write_bytes(text(report).encode("utf-8", "surrogateescape"))


def text(report: Report) -> str:
    """Where it comes from as comments, then each step: prompt, command, output."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """The transcript, piece by piece; a line that was not ended is ended here."""
    yield f"# scene: {report.scene}\n# {report.mode}: {report.when}\n"
    for field, value in asdict(report.provenance).items():
        yield f"# {field}: {value}\n"
    for step in report.steps:
        yield f"\n{step.on} $ {step.command}\n"
        if step.verdict is Verdict.SKIPPED:
            yield f"# skipped: {step.reason}\n"
            continue
        yield step.output
        if step.output and not step.output.endswith("\n"):
            yield "\n"
        if step.exit:
            yield f"# exit status: {step.exit}\n"
