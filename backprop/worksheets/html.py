"""Write a sheet and its key as HTML that needs no other file, for printing or for the screen."""

from collections.abc import Callable, Iterable, Iterator
from html import escape

from backprop.figures.diagrams import draw_example
from backprop.symbolic.notation import split_sample
from backprop.worksheets.formulas import symbol
from backprop.worksheets.mathml import mathml
from backprop.worksheets.sheets import RULE, Exercise, Sheet, activations, ending, givens_of
from backprop.worksheets.steps import Level, forward_parts, last_layer

ROOM = ("forward", "output", "hidden")  # levels with a style of their own for blanks

STYLE = """
:root { color-scheme: light; --bp-background: #fff; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1f2328; background: #fff;
  font: 1rem/1.45 Helvetica, Arial, "Liberation Sans", sans-serif; }
math { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", math; font-size: 1.1em; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: .9rem 0 .2rem; }
.ask > h3, .ask > p { display: inline; }
p { margin: .2rem 0; }
.exercise { margin-top: 2.5rem; }
.start { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: center; }
.start > svg { flex: 1 1 16rem; max-width: 22rem; height: auto; }
.start > svg[width] { flex-basis: 100%; max-width: 36rem; } /* of more layers */
.start > div { flex: 1 1 14rem; }
.fields { display: flex; gap: 2rem; margin: .5rem 0 1rem; }
.fields span { flex: 1; border-bottom: 1px solid; }
ul { list-style: none; margin: .3rem 0; padding: 0; }
.part { break-inside: avoid; }
.part h3 { break-after: avoid; }
.blanks { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
  gap: 0 1.5rem; }
.blanks li { display: flex; align-items: flex-end; gap: .4rem; min-height: var(--room); }
.line { flex: 1; margin-bottom: .35em; border-bottom: 1px solid; }
.forward { --room: 7.5em; }
.output { --room: 3.1em; }
.hidden { --room: 4.2em; }
.deep { --room: 3em; }
.steps li { margin: .35rem 0; break-inside: avoid; }
.steps math + math { margin-left: .35em; }
.slips li { margin: .5rem 0; break-inside: avoid; }
.givens { columns: 22rem 2; column-gap: 2rem; }
@media (max-width: 27rem) { math { font-size: .88em; } }
footer { margin-top: 1.5rem; font-size: .8rem; }
@page { margin: 14mm 15mm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10pt; line-height: 1.35; }
  math { font-size: 1.05em; }
  h3 { margin-top: .5rem; }
  .part { margin-top: .7rem; }
  .steps li { margin: .15rem 0; }
  .exercise { margin-top: 0; }
  .exercise + .exercise { break-before: page; }
  .start > svg { max-width: 19rem; margin-block: -.6rem; }
  .start > svg[width] { max-width: 29rem; }
  .by-3 { grid-template-columns: repeat(3, 1fr); }
  .by-4 { grid-template-columns: repeat(4, 1fr); }
  .hidden .back { break-before: page; } /* the other side of the sheet */
}
""".strip()


def questions(sheet: Sheet) -> str:
    """Return the sheet."""
    about = (
        '<p class="fields"><span>Name:</span> <span>Date:</span></p>',
        f"<p>{RULE}</p>",
    )
    return _page(sheet, "Worksheet", about, _questions)


def answers(sheet: Sheet) -> str:
    """Return the key."""
    about = ("<p>Each line: the formula, the numbers in their places, the result.</p>",)
    return _page(sheet, "Key to the worksheet", about, _answers)


def _page(
    sheet: Sheet,
    title: str,
    about: Iterable[str],
    body: Callable[[Exercise], Iterator[str]],
) -> str:
    heading = escape(f"{title} {sheet.seed}: {sheet.level.title}")
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{heading}</title>",
        f"<style>\n{STYLE}\n</style>",
        "</head>",
        "<body>",
        f'<main class="{_room(sheet.level)}">',
        f"<h1>{heading}</h1>",
        *about,
    ]
    for exercise in sheet.exercises:
        lines += [
            '<section class="exercise">',
            f"<h2>Exercise {exercise.number}</h2>",
            *body(exercise),
            "</section>",
        ]
    lines += [
        "</main>",
        f"<footer>Made by <code>{escape(sheet.command)}</code>.</footer>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _room(level: Level) -> str:
    """Return the classes that set how much room a blank of a level has."""
    if level.name in ROOM:
        return level.name
    return "hidden deep" if last_layer(level.form) > 2 else "hidden"


def _questions(exercise: Exercise) -> Iterator[str]:
    rate = mathml(f"{symbol('learning_rate')} = {exercise.printed('learning_rate')}")
    yield '<div class="start">'
    yield draw_example("values", exercise.example, key=f"network-{exercise.number}")
    yield f"<div><p>The learning rate is {rate}.</p>"
    for what, names in givens_of(exercise.level):
        if split_sample(names[0])[1]:  # of one sample, which the picture of all does not show
            yield f"<p>{what.capitalize()}: {_values(exercise, names)}</p>"
    for words, formula in activations(exercise.level):
        yield f"<p>{words}</p><p>{mathml(formula)}</p>"
    yield f"<p>{ending(exercise.level)}</p></div></div>"
    in_front = len(forward_parts(exercise.level.form)) + 1  # with the deltas of the outputs
    back = exercise.level.parts[in_front : in_front + 1]
    for letter, part in exercise.parts:
        side = " back" * (part in back)
        yield f'<section class="part{side}"><div class="ask">'
        yield f"<h3>{letter}) {escape(part.title)}.</h3> <p>{escape(part.question)}</p></div>"
        columns = 3 if len(part.steps) % 3 == 0 else 4
        yield f'<ul class="blanks by-{columns}">'
        for step in part.steps:
            asked = mathml(f"{symbol(step.name)} =")
            yield f'<li>{asked}<span class="line"></span></li>'
        yield "</ul></section>"


def _values(exercise: Exercise, names: Iterable[str]) -> str:
    return ", ".join(mathml(f"{symbol(name)} = {exercise.printed(name)}") for name in names)


def _answers(exercise: Exercise) -> Iterator[str]:
    yield '<ul class="givens">'
    for what, names in givens_of(exercise.level):
        yield f"<li>{what}: {_values(exercise, names)}</li>"
    yield "</ul>"
    for letter, part in exercise.parts:
        yield f'<section class="part"><h3>{letter}) {escape(part.title)}</h3>'
        yield '<ul class="steps">'
        for step in part.steps:
            name, formula, numbers, result = exercise.lines(step)
            sides = (f"{name} = {formula}", f"= {numbers}", f"= {result}")
            yield f"<li>{' '.join(map(mathml, sides))}</li>"
        yield "</ul></section>"
    yield '<section class="part"><h3>If you have another number</h3><ul class="slips">'
    for slip in exercise.slips:
        wrong, formula, name = exercise.slipped(slip)
        what = f"{mathml(f'{wrong} = {formula}')} for {mathml(name)}"
        yield f"<li>{what}: {escape(slip.words)}.</li>"
    yield "</ul></section>"
