"""Records in words: why a step failed or did not run, what was expected of it, what came.

For pages in the language of each, for the terminal in its own. Knows no HTML.
"""

from __future__ import annotations

from .languages import Words
from .model import Came, Held, Reason, StepReport


def reason(why: Reason, words: Words) -> str:
    """A reason as a sentence."""
    return str((words.reason.get(why.kind) or words.terminal[why.kind]).format(*why.args))


def expectation(held: Held, words: Words) -> str:
    """An expectation: as a contributor wrote it, or may write it; in words where nobody can."""
    return held.written or str(words.reason[held.kind])


def came(instead: Came, words: Words) -> str:
    """What came instead of what was expected."""
    lines = [reason(instead.why, words)] if instead.why else []
    if instead.text is not None:
        lines.append(instead.text or words.reason.nothing)
    if instead.more:
        lines.append(words.reason.more.format(instead.more))
    return "\n".join(lines)


def blame(step: StepReport, words: Words) -> str:
    """Why a step failed or did not run, "" where it did neither."""
    if step.reason:
        return reason(step.reason, words)
    return str(words.stop.join(expectation(held, words) for held in step.unmet))
