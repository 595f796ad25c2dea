"""What a build says at its end: every failure with its place and cure, then the counts."""

from __future__ import annotations

from collections.abc import Iterator

from ..build import Outcome
from ..model import Report, StepReport, Verdict


def summary(outcome: Outcome) -> Iterator[str]:
    """The lines to print: failures, skips, drift, notes, counts."""
    for name, report in sorted(outcome.reports.items()):
        for note in report.notes:
            yield f"docs/scenes/{name}.yml: {note}"
        for step in report.steps:
            yield from told(report, step)
    if outcome.saved:
        yield f"recorded: {', '.join(sorted(outcome.saved))}"
    counts = outcome.verdicts()
    words = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
    expectations = sum(len(s.held) for one in outcome.reports.values() for s in one.steps)
    scenes = len(outcome.reports)
    yield f"{scenes} scenes, {counts.total()} steps, {expectations} expectations: {words}"


def told(report: Report, step: StepReport) -> Iterator[str]:
    """What is to be said of one step; nothing where it passed."""
    place = f"docs/scenes/{report.scene}.yml:{step.line}: step {step.id}"
    match step.verdict:
        case Verdict.FAILED:
            yield f"{place} failed on {step.on}: {step.command}"
            for held in step.held:
                if not held.holds:
                    yield f"  docs/scenes/{report.scene}.yml:{held.line}: expected {held.text}"
                    yield f"  came: {held.came}"
            yield f"  see it: scripts/shell {report.scene} {step.id}"
        case Verdict.SKIPPED:
            yield f"{place} skipped: {step.reason}"
        case Verdict.DRIFTED:
            yield f"{place} drifted from its recording"
            yield f"  if that is right: scripts/build --record {report.scene}"
            yield from (f"  {line}" for line in step.diff.splitlines())
