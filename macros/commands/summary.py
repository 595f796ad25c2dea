"""What a build says at its end: every failure with its place and cure, then the counts.

What a host printed is shown as text, indented: it can neither steer a terminal nor speak
to the program that reads the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .. import phrases
from ..difference import difference
from ..errors import Exit, harmless, place, recording
from ..languages import terminal
from ..model import Mode, Report, StepReport, Verdict
from ..outcome import Outcome
from ..verdicts.confirmation import Confirmation


def summary(outcome: Outcome) -> Iterator[str]:
    """The lines to print: failures, skips, drift, notes, counts, and where the site is."""
    for name, report in sorted(outcome.reports.items()):
        for note in report.notes:
            yield from text(f"{place(name)}: {phrases.reason(note, terminal())}")
        for step in report.steps:
            yield from describe_step(report, step)
        yield from describe_skips(report)
    if outcome.saved:
        yield "recorded: " + ", ".join(map(recording, outcome.saved))
    for name in outcome.kept:
        yield f"{recording(name)} holds more than this machine can run, and was kept"
        yield f"  to replace it all the same: scripts/build --record {name}"
    yield from outcome.unrecorded
    if outcome.confirmation:
        yield from describe_confirmation(outcome.confirmation)
    yield count_verdicts(outcome)
    yield from describe_site(outcome)


def describe_confirmation(result: Confirmation) -> Iterator[str]:
    """What became of what is recorded."""
    for finding in (*result.differs, *result.unrun):
        reasons = ", ".join(phrases.reason(why, terminal()) for why in finding.reasons)
        step = f"step {finding.step}: " if finding.step else ""
        yield from text(f"{recording(finding.scene)}: {step}{reasons}")
    yield (
        f"{result.same} recorded outputs are the same again, {len(result.differs)} differ, "
        f"{len(result.unrun)} could not be run; {result.without} steps were skipped then and now"
    )


def count_verdicts(outcome: Outcome) -> str:
    """How many scenes, steps and expectations there were, and what is said of them."""
    steps = [(report, step) for report in outcome.reports.values() for step in report.steps]
    counts = Counter(verdict(report, step) for report, step in steps)
    replayed = any(report.mode is Mode.REPLAY for report in outcome.reports.values())
    names = [*map(str, Verdict)]
    names.insert(1, "recorded")
    totals = ", ".join(f"{counts[name]} {name}" for name in names if name != "recorded" or replayed)
    expectations = sum(len(step.held) for _, step in steps)
    scenes = len(outcome.reports)
    return f"{scenes} scenes, {len(steps)} steps, {expectations} expectations: {totals}"


def verdict(report: Report, step: StepReport) -> str:
    """A verdict as it is counted: what was not run now did not pass now."""
    if report.mode is Mode.REPLAY and step.verdict is Verdict.PASSED:
        return "recorded"
    return step.verdict


def describe_site(outcome: Outcome) -> Iterator[str]:
    """Where the site is, and how to open it."""
    if outcome.site is None:
        yield "no pages were made; site/ is as it was"
        return
    name = outcome.site.name
    if name != "site":
        yield f"something failed: site/ is as it was, and what failed is shown in {name}/"
    elif outcome.status in (Exit.FAILED, Exit.BROKEN):
        yield "something failed: site/ shows it as failed, since there was no site before"
    yield f"the site is in {name}/; to open it: python3 -m http.server --directory {name}"


def describe_step(report: Report, step: StepReport) -> Iterator[str]:
    """What is to be said of one step; nothing where it passed or did not run."""
    which = f"{place(report.scene, step.line)}: step {step.id}"
    match step.verdict:
        case Verdict.FAILED:
            yield from text(f"{which} failed on {step.on}: {step.command}")
            yield from describe_failures(report, step)
            yield f"  see it: scripts/shell {report.scene} {step.id}"
        case Verdict.UNSTEADY:
            yield from text(f"{which} is unsteady on {step.on}: {step.command}")
            why = phrases.blame(step, terminal())
            yield from text(f"  {why}" if why else "")
            yield "  two runs of this build did not say the same; a defect of the scene:"
            names = "the first run", "the second run"
            yield from text(difference(step.other, step.output, names), "    ")
            yield f"  see how often: scripts/check --steady 10 {report.scene}"
        case Verdict.DRIFTED:
            yield f"{which} drifted from its recording"
            yield f"  if that is right: scripts/build --record {report.scene}"
            yield from text(step.diff, "  ")


def describe_failures(report: Report, step: StepReport) -> Iterator[str]:
    """The expectations of a step that do not hold."""
    for held in step.unmet:
        sought = phrases.expectation(held, terminal())
        yield from text(f"  {place(report.scene, held.line)}: expected {sought}")
        yield from text(f"  came: {phrases.came(held.came, terminal())}")


def describe_skips(report: Report) -> Iterator[str]:
    """The steps that did not run, one line for each reason."""
    reasons: dict[str, list[StepReport]] = {}
    for step in report.steps:
        if step.verdict is Verdict.SKIPPED:
            reasons.setdefault(phrases.blame(step, terminal()), []).append(step)
    for reason, steps in reasons.items():
        ids = ", ".join(step.id for step in steps)
        some = "every step" if len(steps) == len(report.steps) else f"{len(steps)} steps ({ids})"
        if len(steps) == 1:
            some = f"step {ids}"
        when = f" in the recording of {report.when[:10]}" if report.mode is Mode.REPLAY else ""
        yield from text(f"{place(report.scene)}: {some} skipped{when}: {reason}")


def text(printed: str, indent: str = "") -> Iterator[str]:
    """Lines of text that may hold what a host printed; the first stands where it is told."""
    for number, line in enumerate(printed.split("\n") if printed else ()):
        yield f"{indent}{'      ' if number and not indent else ''}{harmless(line)}"
