"""Write a sheet and its key in Markdown, so that `backprop check` can check every number."""

from collections.abc import Callable, Iterator

from backprop.symbolic.notation import LECTURE_NOTATION
from backprop.worksheets.formulas import symbol
from backprop.worksheets.sheets import RULE, Exercise, Sheet, activations, ending, givens_of

BLANK = r"\square"


def questions(sheet: Sheet) -> str:
    """Return the sheet."""
    return _page(sheet, "Worksheet", RULE, _questions)


def answers(sheet: Sheet) -> str:
    """Return the key."""
    about = "Each line: the formula, the numbers in their places, the result."
    return _page(sheet, "Key to the worksheet", about, _answers)


def _page(sheet: Sheet, title: str, about: str, body: Callable[[Exercise], Iterator[str]]) -> str:
    does = ", ".join(f"{words} ${formula}$" for words, formula in activations(sheet.level))
    lines = [
        "---",
        f"title: {title} {sheet.seed}",
        f'description: "Backpropagation by hand: {sheet.level.title}."',
        f"backprop: {{{_front(sheet)}}}",
        "---",
        "",
        f"# {title} {sheet.seed}: {sheet.level.title}",
        "",
        about,
        "",
        f"{does}, {ending(sheet.level)}",
        "",
    ]
    for exercise in sheet.exercises:
        lines += [f"## Exercise {exercise.number}", "", _settings(exercise), "", *_givens(exercise)]
        lines += body(exercise)
    lines += [f"Made by `{sheet.command}`."]
    return "\n".join(lines) + "\n"


def _front(sheet: Sheet) -> str:
    """Return the front matter that tells the checker the form of the networks."""
    form, [first, *_] = sheet.level.form, sheet.exercises
    settings = ["example: lecture"]
    if form.sizes != (2, 2, 2):
        numbers = ", ".join(f"{_key(name)}: {first.printed(name)}" for name in first.givens)
        settings = [f"sizes: {[*form.sizes]}", f"givens: {{{numbers}}}"]
    if not form.is_of_the_lesson:
        settings += [f"activations: [{', '.join(form.activations)}]", f"loss: {form.loss}"]
    return ", ".join(settings)


def _key(name: str) -> str:
    return LECTURE_NOTATION.key(name)


def _settings(exercise: Exercise) -> str:
    """Return the mark that tells the checker the givens of an exercise."""
    givens = (f"{_key(name)}={exercise.printed(name)}" for name in exercise.givens)
    return f"<!-- backprop: {' '.join(givens)} -->"


def _givens(exercise: Exercise) -> Iterator[str]:
    yield from ("| what | values |", "| --- | --- |")
    for what, names in givens_of(exercise.level):
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
