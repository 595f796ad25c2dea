"""Whether a scene's expectations can be trusted: they say something, and of the right thing.

The rules, each a function below. An expectation says something. A step that shows an
absence shows a presence too: in the same output, or in its *control*. A firewall rule
on the host's card says that the card's name is the reader's to change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from .absence import fits, hint, is_empty, is_empty_answer, is_id, is_negative, shows_presence
from .shellwords import Words, commands
from .step import Expectation, Step
from .values import CAPTURED, UNLIKE

RULE = re.compile(r"-[AIRDC]|--(append|insert|replace|delete|check)")
CARD = "eth0"
"""The name of a host's network card, in every rig."""
Finding = tuple[int, str]
"""A line of the scene file, and what is wrong there with what to write instead."""


def check(scene: Iterable[Step]) -> Iterator[Finding]:
    """Every place where the steps of a scene prove less than they seem to."""
    steps = {step.id: step for step in scene}
    for step in steps.values():
        yield from vague(step)
        yield from absent_alone(step)
        yield from uncontrolled(step, steps)
        yield from unmarked(step)


def vague(step: Step) -> Iterator[Finding]:
    """An expectation that any output meets, or any but the empty one."""
    for wanted in step.expect:
        if says_nothing(wanted):
            yield (
                wanted.line,
                f"almost any output meets {wanted.text}: write what must be there, from the output "
                "that the recording shows",
            )


def says_nothing(expectation: Expectation) -> bool:
    """Whether an expectation holds of texts that have nothing in common.

    A regex has been tried on them when it was read, so it does not take for ever.
    """
    if expectation.kind == "contains":
        return isinstance(expectation.value, str) and not expectation.value.strip()
    if expectation.kind != "matches":
        return False
    meets = re.compile(CAPTURED.sub("CAPTURED", expectation.value), re.MULTILINE).search
    met = [text for text in UNLIKE if meets(text)]
    return len(met) == len(UNLIKE) or bool(met and meets(""))


def absent_alone(step: Step) -> Iterator[Finding]:
    """A step that only says what is not in its output, which an empty output meets as well."""
    outputs = [wanted for wanted in step.expect if wanted.kind != "exit"]
    if outputs and all(wanted.kind == "absent" and not wanted.path for wanted in outputs):
        yield (
            outputs[0].line,
            'only "absent" is expected, and an empty output meets it too: '
            'add a line that must be there, "contains: …"',
        )


def sets_up(step: Step) -> bool:
    """Whether nothing is expected of a step but that it ends well, silently or with an id."""
    return not is_empty_answer(step) and all(
        is_id(wanted) or is_empty(wanted) or (wanted.kind == "exit" and wanted.value == 0)
        for wanted in step.expect
    )


def uncontrolled(step: Step, steps: Mapping[str, Step]) -> Iterator[Finding]:
    """A step that shows an absence without a control that shows that the question was right.

    An absence is no answer (`is_negative`), or nothing found (`is_empty_answer`). Its
    control is another step of the scene, before or after, that must find something, and
    runs the very same command, or names the same target (the address or the name, and the
    port where there is one; of nothing found: asks the same program the same thing) in its
    command or in what it must print, or reads what packets leave behind (`COUNTER`).
    """
    negative, empty = is_negative(step), is_empty_answer(step)
    if step.control is None:
        if negative or empty:
            lack = "no answer comes" if negative else "nothing is found"
            yield (
                step.line,
                f'here {lack}, as for a question that is wrong: add "control: ID", the step that '
                "runs the same command where it succeeds, asks the same target and gets an answer, "
                "or reads a counter, a neighbour or a capture",
            )
        return
    control = steps.get(step.control)
    if control is None or control is step:
        yield step.line, f'"control" names no other step of this scene, "{step.control}"'
    elif not shows_presence(control):
        yield (
            step.line,
            f'the control "{control.id}" (line {control.line}) must find something itself: '
            'expect "contains", "matches" or "equals" of what it prints',
        )
    elif not fits(step, control):
        yield (
            step.line,
            f'the control "{control.id}" (line {control.line}) asks something else: take a step '
            f"with the same command, {hint(step)}or one that reads a counter, a neighbour or a "
            "capture",
        )


def unmarked(step: Step) -> Iterator[Finding]:
    """A firewall rule on the host's card that does not say that the name is the reader's."""
    marked = any(CARD in text and kind == "card" for text, kind in step.yours.items())
    if "/" not in step.on and not marked and rules_card(step.run):
        yield (
            step.line,
            f"this rule names the card of these hosts, {CARD}; copied to a host with another it "
            f'does nothing: add "yours: {{{CARD}: card}}"',
        )


def rules_card(run: str) -> bool:
    """Whether a command changes firewall rules that name the host's card."""
    nft = re.search(r"\b[io]if(name)?\s+(!=\s*)?\"?eth0\b", run)
    return bool(nft and re.search(r"\bnft\b", run)) or any(map(filters_card, commands(run)))


def filters_card(words: Words) -> bool:
    """Whether a command is an iptables rule on the host's card."""
    texts = [word.text for word in words]
    return (
        texts[0] in ("iptables", "ip6tables")
        and any(RULE.fullmatch(text) for text in texts)
        and any(option in ("-i", "-o") and value == CARD for option, value in pairwise(texts))
    )
