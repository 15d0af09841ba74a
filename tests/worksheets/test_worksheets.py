"""Exercise sheets: their pages, their HTML, and how they are written."""

import hashlib
import json
import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import Mutant, Probe

from backprop.cli import main
from backprop.cli.worksheet import files as files_of
from backprop.export import files
from backprop.figures.diagrams import draw_example
from backprop.pages.check import Checked, check_text
from backprop.pages.reader import read_text
from backprop.site.mathml import to_mathml
from backprop.worksheets import html, markdown
from backprop.worksheets.formulas import latex, symbol
from backprop.worksheets.mathml import mathml
from backprop.worksheets.sheets import Sheet, givens_of, sheet
from backprop.worksheets.steps import LEVELS

# Of the Markdown. If a sheet is to change, so may these; what must not happen is that they differ
# from one machine, or one version of Python, to another.
DIGESTS = {
    "forward": "85928ec99c83d508b6652e7ac9033a42f98d71e7380e18d7211219153159fe57",
    "output": "1d7026c703a210f0616b4c23b4df6172f8395daabe36f7ec3f1150b67510a9c1",
    "hidden": "cafdcaf16d2ffb754b6caafdf22c287a8a8e78176095c771101b70f7500fb394",
    "one-output": "8c8b10b0e0299005886aa69b46e20d70dca3662f434f3176642ea1236d942de7",
    "relu": "afc75067ce56e78e18ad667ecb8f1e9d8b22816c69901d7dfdeb1e10e1d7e6ce",
    "cross-entropy": "e95ad3d55222e73776ce85837a44a33493a037a36ab3c1838e5564a4baae231b",
    "tanh": "c68af59ab28354b143233b7546865456ea136983dbc53e89d2f82a14c8f418aa",
    "two-samples": "b58abf8de79f51e793f3d05a91e1dee1a1bd95dbb28a0aafa3ff53e3096cd305",
    "two-hidden-layers": "29d9c753813d4ffcf04f6f7fd71878380b22bb3b7b6c89eaa24445bd3d6c6865",
}
VOID = {"meta"}
NAMES = [f"worksheet-output-7{end}" for end in (".md", "-key.md", ".html", "-key.html")]

each_level = pytest.mark.parametrize("level", LEVELS)
each_kind = pytest.mark.parametrize("make", [html.questions, html.answers])


def checked(text: str) -> Checked:
    return check_text(text, "sheet.md")


def steps_of(level: str) -> int:
    return sum(len(part.steps) for part in LEVELS[level].parts)


# The pages


@each_level
def test_the_section_for_teachers_names_each_difficulty(level: str) -> None:
    page = (Path(__file__).parents[2] / "docs/exercises.md").read_text("utf-8")
    assert f"`{level}`" in page.partition("## For teachers")[2]


@each_level
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**12), number=st.integers(1, 3))
def test_every_number_of_a_sheet_and_its_key_is_bound_and_right(
    level: str, seed: int, number: int
) -> None:
    made = sheet(seed, level, number)
    questions, answers = map(checked, (markdown.questions(made), markdown.answers(made)))
    assert [*map(str, questions.findings + answers.findings)] == []
    assert questions.exempt == answers.exempt == 0
    givens = sum(len(names) for _, names in givens_of(LEVELS[level]))
    assert len(questions.bound) == givens * number
    # Each step has its result, and each number put in; each slip has one number.
    assert len(answers.bound) >= (givens + steps_of(level) * 2 + 3) * number


@each_level
def test_each_wrong_digit_of_a_key_is_found(level: str) -> None:
    probe = Probe(read_text(markdown.answers(sheet(7, level, 1)), "sheet.md"))
    wrong = [mutant for mutant in probe.mutants if is_next_digit(mutant)]
    assert len(wrong) > 3 * steps_of(level)
    assert [*map(str, probe.survivors(wrong))] == []


def is_next_digit(mutant: Mutant) -> bool:
    """Tell whether the last digit of a number is one more."""
    rest = mutant.math.latex[mutant.start :]
    is_last = mutant.kind == "digit" and not re.match(r".[\d.]", rest)
    return is_last and int(mutant.text) == (int(rest[0]) + 1) % 10


@each_level
def test_a_sheet_asks_for_what_the_key_answers(level: str) -> None:
    made = sheet(7, level, 2)
    questions, answers = markdown.questions(made), markdown.answers(made)
    asked = re.findall(r"^- \$(.*) = \\square\$$", questions, re.MULTILINE)
    answered = re.findall(r"align\}\n(.*?) &=", answers)
    assert asked == answered
    assert len(asked) == 2 * steps_of(level)
    assert re.findall("^## .*", questions, re.MULTILINE) == ["## Exercise 1", "## Exercise 2"]
    assert made.command in questions


def test_the_key_names_three_slips_and_others_for_the_next_exercise() -> None:
    first, second = sheet(7, "output", 2).exercises
    assert len(first.slips) == len(second.slips) == 3
    assert first.slips != second.slips
    assert {*first.slips, *second.slips} == {*LEVELS["output"].slips}
    text = markdown.answers(sheet(7, "output", 1))
    assert len(re.findall(r"^- \$-?0\.\d{4} = .*\$ for \$.*\$: .*\.$", text, re.MULTILINE)) == 3


@each_level
def test_the_same_seed_gives_the_same_sheet_on_every_machine(level: str) -> None:
    made = sheet(7, level, 3)
    pages = markdown.questions(made) + markdown.answers(made)
    assert hashlib.sha256(pages.encode()).hexdigest() == DIGESTS[level]


def test_no_order_of_hashes_changes_a_byte(tmp_path: Path) -> None:
    for salt in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "backprop", "worksheet", "--seed", "7", "-o", tmp_path / salt],
            env={**os.environ, "PYTHONHASHSEED": salt},
            check=True,
        )
    for name in NAMES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


# MathML


@each_level
def test_formulas_are_those_of_the_sites_converter(level: str) -> None:
    [exercise] = sheet(7, level, 1).exercises
    for part in LEVELS[level].parts:
        for step in part.steps:
            for source in exercise.lines(step):
                ours, theirs = ET.fromstring(mathml(source)), to_mathml(source, "inline")  # noqa: S314
                assert "".join(ours.itertext()) == "".join(theirs.itertext()), source
                assert structure(ours) == structure(theirs), source


def structure(element: ET.Element) -> list[str]:
    """Return the kinds of elements in order, but for rows, which only group."""
    return [part.tag for part in element.iter() if part.tag not in ("mrow", "math", "mpadded")]


BETWEEN = "<mo>\N{MINUS SIGN}</mo>"
MINUS = BETWEEN.replace("<mo>", '<mo form="prefix">')


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("w_5^{+}", '<msubsup><mi>w</mi><mn>5</mn><mo form="prefix">+</mo></msubsup>'),
        (r"\mathrm{net}_{h_1}", "<msub><mi>net</mi><msub><mi>h</mi><mn>1</mn></msub></msub>"),
        (
            r"\frac{1}{2 + a}",
            "<mfrac><mn>1</mn><mrow><mn>2</mn><mo>+</mo><mi>a</mi></mrow></mfrac>",
        ),
        # A parenthesis stands in a row with what it encloses.
        (
            "2(-a)^2",
            f"<mn>2</mn><msup><mrow><mo>(</mo>{MINUS}<mi>a</mi><mo>)</mo></mrow><mn>2</mn></msup>",
        ),
        ("(a)-1", f"<mrow><mo>(</mo><mi>a</mi><mo>)</mo></mrow>{BETWEEN}<mn>1</mn>"),
        ("-0.50", f"{MINUS}<mn>0.50</mn>"),
    ],
)
def test_mathml(source: str, expected: str) -> None:
    assert mathml(source) == f'<math displaystyle="true">{expected}</math>'


@pytest.mark.parametrize(
    "source",
    [
        *(r"\mathrm{net", "_2", "a_", r"\frac{a}{", "a}", "{a}", "a & b", r"\alpha", "a < b"),
        *(r"\frac1", "(a", "a)"),
    ],
)
def test_what_a_sheet_does_not_use_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="came"):
        mathml(source)


# HTML


class Document(HTMLParser):
    """Holds each start tag against its end tag, and notes what matters to a reader."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, attribute: str) -> list[str]:
        return [str(attrs[attribute]) for _, attrs in self.tags if attribute in attrs]


@each_level
@each_kind
def test_the_html_is_whole_and_says_what_it_is(level: str, make: Callable[[Sheet], str]) -> None:
    text = make(sheet(7, level, 3))
    document = Document(text)
    assert document.open == []
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert len(re.findall(r"<title>[^<]+</title>\n<style>", text)) == 1
    headings = [tag for tag, _ in document.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == "h1"
    assert headings.count("h1") == 1
    assert headings.count("h2") == 3
    assert {*headings} == {"h1", "h2", "h3"}
    ids = document.all("id")
    assert len(ids) == len({*ids})
    labels = " ".join(document.all("aria-labelledby")).split()
    assert {*labels} == {*ids}
    assert sum(tag == "main" for tag, _ in document.tags) == 1


@each_level
@each_kind
def test_nothing_in_the_html_asks_for_anything(level: str, make: Callable[[Sheet], str]) -> None:
    document = Document(text := make(sheet(7, level, 2)))
    assert not {"src", "href", "srcset", "action", "data"} & {
        name for _, attrs in document.tags for name in attrs
    }
    assert {tag for tag, _ in document.tags}.isdisjoint({"script", "link", "img", "iframe", "form"})
    assert "url(" not in text
    assert "@import" not in text
    assert {*re.findall(r"https?://[^\"]*", text)} <= {"http://www.w3.org/2000/svg"}


@each_level
def test_the_html_has_the_numbers_of_the_page(level: str) -> None:
    made = sheet(7, level, 2)
    for page, document in (
        (markdown.answers(made), html.answers(made)),
        (markdown.questions(made), html.questions(made)),
    ):
        # The digits of formulas, and those that the picture shows.
        shown = re.findall(r"(?<=<mn>)[\d.]+(?=</mn>)", document)
        shown += re.findall(r"(?<=>)\N{MINUS SIGN}?(?=\d)[\d.]+(?=</tspan>)", document)
        decimals = [number.strip("\N{MINUS SIGN}") for number in shown if "." in number]
        formulas = re.sub("<!-- backprop: .* -->", "", page.split("---\n")[2])
        assert sorted(decimals) == sorted(re.findall(r"\d+\.\d+", formulas))


def test_the_picture_of_more_layers_is_wider_and_names_each_neuron() -> None:
    [exercise] = sheet(7, "two-hidden-layers", 1).exercises
    picture = ET.fromstring(draw_example("values", exercise.example))  # noqa: S314
    named = [each.get("data-name") for each in picture.iter() if each.get("data-name")]
    neurons = ("h1_1", "h1_2", "h2_1", "h2_2", "o1")
    expected = {f"{half}_{neuron}" for half in ("net", "out") for neuron in neurons}
    assert {name for name in named if str(name).startswith(("net_", "out_"))} == expected
    words = "".join(picture.itertext())
    assert "w9 = 0.80 from h2,1 to o1" in words
    assert "Biases, one for each hidden layer and one for the output layer" in words
    assert "hidden layer 2" in words
    assert float(str(picture.get("width"))) > 500
    [usual] = sheet(7, "hidden", 1).exercises
    assert 'width="' not in draw_example("values", usual.example).partition(">")[0]


def test_the_sheet_of_two_samples_lists_the_givens_of_each_beside_the_picture() -> None:
    [exercise] = sheet(7, "two-samples", 1).exercises
    picture = draw_example("values", exercise.example)
    assert not any(str(exercise.givens[name]) in picture for name in ("i1_s2", "target_o1_s2"))
    text = re.sub("<[^>]*>", "", html.questions(sheet(7, "two-samples", 1)))
    assert "Inputs of the second sample: i1;2=0.80, i2;2=0.75" in text
    assert "Target of the second sample: targeto1;2=0.99" in text


# The command


def run(*arguments: str) -> int:
    return main(["worksheet", "--seed", "7", *arguments])


def test_four_files_are_written_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "sheets"
    assert run("-o", str(folder)) == 0
    assert capsys.readouterr() == ("".join(f"{folder / name}\n" for name in NAMES), "")
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)
    for name, text in files_of(sheet(7, "output", 3)).items():
        assert (folder / name).read_bytes().decode() == text
    assert main(["check", str(folder)]) == 0


DOCS = Path(__file__).parents[2] / "docs"
WITH_EXERCISES = ("activations.md", "deeper.md", "one-output.md")


def shown(page: Path) -> list[list[str]]:
    """Return the arguments of each command that a page shows for worksheets."""
    text = page.read_text("utf-8")
    if page.suffix == ".ipynb":
        text = "\n\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    lines = re.findall(r"^ *backprop worksheet (.*)$", text, re.MULTILINE)
    return [shlex.split(line) for line in lines]


def test_each_command_that_a_page_shows_writes_its_sheets(tmp_path: Path) -> None:
    pages = [*DOCS.glob("*.md"), *DOCS.glob("*.ipynb"), DOCS.parent / "README.md"]
    commands = {page.name: shown(page) for page in pages}
    for name in (*WITH_EXERCISES, "samples.ipynb", "exercises.md", "README.md"):
        assert commands[name], name
    for k, arguments in enumerate(command for each in commands.values() for command in each):
        folder = tmp_path / str(k)
        place = arguments.index("-o") + 1
        assert main(["worksheet", *arguments[:place], str(folder), *arguments[place + 1 :]]) == 0
        assert len([*folder.iterdir()]) == 4


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_the_fresh_numbers_of_a_page_are_those_of_the_command_that_it_shows(name: str) -> None:
    marks = [
        dict(pair.split("=", 1) for pair in mark.split())
        for mark in re.findall("<!-- backprop: (.*=.*) -->", (DOCS / name).read_text("utf-8"))
    ]
    for arguments in shown(DOCS / name):
        options = dict(zip(arguments[::2], arguments[1::2], strict=True))
        [exercise, *_] = sheet(int(options["--seed"]), options["--difficulty"], 1).exercises
        givens = {
            "eta" if given == "learning_rate" else given: str(number)
            for given, number in exercise.givens.items()
        }
        [mark] = [mark for mark in marks if givens.items() <= mark.items()]
        if len({*exercise.level.form.activations}) > 1:
            assert mark["activations"] == ",".join(exercise.level.form.activations)


def test_no_folder_is_not_this_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("-o", "") == 2
    assert capsys.readouterr().err == "backprop worksheet: '' came, expected a folder\n"


def test_it_needs_no_more_than_numpy(tmp_path: Path) -> None:
    extras = ["lark", "yaml", "markdown", "latex2mathml"]
    without = f"import sys; sys.modules.update(dict.fromkeys({extras}))"
    call = f"main(['worksheet', '--seed', '7', '-o', {str(tmp_path)!r}])"
    code = f"{without}; from backprop.cli import main; sys.exit({call})"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)


def test_difficulty_and_count_are_chosen(tmp_path: Path) -> None:
    assert run("--difficulty", "forward", "--count", "2", "-o", str(tmp_path)) == 0
    text = (tmp_path / "worksheet-forward-7-key.md").read_text("utf-8")
    assert text == markdown.answers(sheet(7, "forward", 2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seed", "-1"], "argument --seed: '-1' came, expected a whole number, 0 or more"),
        (["--seed", "x"], "argument --seed: 'x' came, expected a whole number, 0 or more"),
        (["--count", "0"], "argument --count: '0' came, expected a whole number from 1 to 100"),
        (["--count", "101"], "argument --count: '101' came, expected a whole number from 1 to 100"),
        (["--count", "two"], "argument --count: 'two' came, expected a whole number from 1 to 100"),
        (["--difficulty", "hard"], "argument --difficulty: invalid choice: 'hard'"),
    ],
)
def test_bad_usage_is_one_line(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        run("-o", str(tmp_path), *arguments)
    assert left.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"backprop worksheet: {message}")
    assert err.count("\n") == 1
    assert [*tmp_path.iterdir()] == []


def test_a_file_is_only_overwritten_with_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / NAMES[-1]
    mine.write_text("mine")
    assert run("-o", str(tmp_path)) == 2
    message = f"backprop worksheet: {mine}: exists already; --force overwrites a file\n"
    assert capsys.readouterr() == ("", message)
    assert mine.read_text() == "mine"
    assert [*tmp_path.iterdir()] == [mine]
    assert run("-o", str(tmp_path), "--force") == 0
    assert mine.read_text("utf-8") == html.answers(sheet(7, "output", 3))


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_folder_is_never_overwritten(
    force: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / NAMES[1]).mkdir()
    assert run("-o", str(tmp_path), *force) == 2
    assert capsys.readouterr().err.endswith(
        f"{NAMES[1]}: exists already; --force overwrites a file\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == [NAMES[1]]


@pytest.mark.parametrize("end", ["", "/deeper/still"])
def test_a_folder_that_cannot_be_made_is_one_line(
    end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    folder = f"{tmp_path}/file{end}"
    assert run("-o", folder) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"backprop worksheet: {folder}: not written: ")
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written: list[int] = []

    def full(file: int) -> None:
        written.append(file)
        if len(written) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    folder = tmp_path / "new" / "sheets"
    assert run("-o", str(folder)) == 2
    message = f"backprop worksheet: {folder}: not written: No space left on device\n"
    assert capsys.readouterr() == ("", message)
    assert len(written) == 3
    assert [*tmp_path.iterdir()] == []


def test_what_fails_half_way_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        (tmp_path / name).write_text("mine")
    monkeypatch.setattr("os.fsync", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("-o", str(tmp_path), "--force")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        NAMES, "mine"
    )


def test_files_that_are_written_together_keep_their_modes(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("old")
    old.chmod(0o600)
    files.write_all({old: "changed", new: "fresh"})
    assert (old.read_text(), new.read_text()) == ("changed", "fresh")
    assert stat.S_IMODE(old.stat().st_mode) == 0o600


def test_names_are_written_as_the_pages_write_them() -> None:
    [exercise] = sheet(7, "hidden", 1).exercises
    step = LEVELS["hidden"].parts[0].steps[0]
    assert (
        exercise.lines(step)[1]
        == latex(step.formula, symbol)
        == (r"w_1 \times i_1 + w_2 \times i_2 + b_1")
    )
