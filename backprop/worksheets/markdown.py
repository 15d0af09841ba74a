"""A sheet and its key in Markdown: pages whose every number `backprop check` can check."""

from collections.abc import Callable, Iterator

from backprop.symbolic.notation import LECTURE_NOTATION
from backprop.worksheets.formulas import symbol
from backprop.worksheets.sheets import ACTIVATION, GIVENS, RULE, WHAT_A_NEURON_DOES, Exercise, Sheet

BLANK = r"\square"


def questions(sheet: Sheet) -> str:
    """Return the sheet."""
    return _page(sheet, "Worksheet", RULE, _questions)


def answers(sheet: Sheet) -> str:
    """Return the key."""
    about = "Each line: the formula, the numbers in their places, the result."
    return _page(sheet, "Key to the worksheet", about, _answers)


def _page(sheet: Sheet, title: str, about: str, body: Callable[[Exercise], Iterator[str]]) -> str:
    lines = [
        "---",
        f"title: {title} {sheet.seed}",
        f'description: "Backpropagation by hand: {sheet.level.title}."',
        "backprop: {example: lecture}",
        "---",
        "",
        f"# {title} {sheet.seed}: {sheet.level.title}",
        "",
        about,
        "",
        f"{WHAT_A_NEURON_DOES} ${ACTIVATION}$, and the others do the same.",
        "",
    ]
    for exercise in sheet.exercises:
        lines += [f"## Exercise {exercise.number}", "", _settings(exercise), "", *_givens(exercise)]
        lines += body(exercise)
    lines += [f"Made by `{sheet.command}`."]
    return "\n".join(lines) + "\n"


def _settings(exercise: Exercise) -> str:
    """Return the mark that tells the checker whose numbers follow."""
    givens = (f"{LECTURE_NOTATION.key(name)}={exercise.printed(name)}" for name in exercise.givens)
    return f"<!-- backprop: {' '.join(givens)} -->"


def _givens(exercise: Exercise) -> Iterator[str]:
    yield from ("| what | values |", "| --- | --- |")
    for what, names in GIVENS:
        values = r", \quad ".join(f"{symbol(name)} = {exercise.printed(name)}" for name in names)
        yield f"| {what} | ${values}$ |"
    yield ""


def _questions(exercise: Exercise) -> Iterator[str]:
    for letter, part in exercise.parts:
        yield from (f"### {letter}) {part.title}", "", part.question, "")
        yield from (f"- ${symbol(step.name)} = {BLANK}$" for step in part.steps)
        yield ""


def _answers(exercise: Exercise) -> Iterator[str]:
    for letter, part in exercise.parts:
        yield from (f"### {letter}) {part.title}", "")
        for step in part.steps:
            name, formula, numbers, result = exercise.lines(step)
            yield from ("$$", r"\begin{align}", rf"{name} &= {formula} \\", rf"&= {numbers} \\")
            yield from (f"&= {result}", r"\end{align}", "$$", "")
    yield from ("### If you have another number", "")
    for slip in exercise.slips:
        wrong, formula, name = exercise.slipped(slip)
        yield f"- ${wrong} = {formula}$ for ${name}$: {slip.words}."
    yield ""
