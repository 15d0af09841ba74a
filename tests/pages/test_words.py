"""Words that are bound to a condition: checked, fixed, rendered, and listed where they are not."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from backprop.cli import main
from backprop.pages import words as module
from backprop.pages.check import check_text
from backprop.pages.fix import fix
from backprop.pages.live import live
from backprop.pages.reader import read_text
from backprop.pages.render import Rendered, render
from backprop.pages.words import NOTE, unbound
from backprop.site.words import marked

FRONT = "---\nbackprop: {example: lecture}\n---\n\n"
FURTHER = "It is further <!-- if: E_o1 > E_o2, else: nearer --> from its target.\n"
PHRASE = "It <!-- if: out_o1 > target_o1, then: is too high, else: is too low --> here.\n"
HOLDS = "This delta is negative. <!-- holds: delta_o2 < 0 -->\n"


def found(text: str) -> list[str]:
    return [str(finding) for finding in check_text(FRONT + text, "a.md").findings]


def fixed(text: str) -> str:
    return fix(read_text(FRONT + text, "a.md")).checked.page.file.removeprefix(FRONT)


def rendered(text: str, **changes: str) -> Rendered:
    page = read_text(FRONT + text, "a.md")
    givens = {name: Decimal(value) for name, value in changes.items()}
    return render(page, givens, "b.md", run=False)


def body(new: Rendered) -> str:
    page = new.checked.page
    return page.file[page.front_end :].lstrip()


# Check


@pytest.mark.parametrize(
    "text",
    [
        FURTHER,
        "It is **further** <!-- if: E_o1 > E_o2, else: nearer --> from it.\n",
        PHRASE.replace("It ", "It is too high "),
        PHRASE.replace("It ", "It is\ntoo high "),
        "> " + PHRASE.replace("It ", "It is\n> too high "),
        HOLDS,
        f"This delta is positive. {NOTE} <!-- holds: delta_o2 > 0 -->\n",
        "# A\n\n<!-- backprop: eta=2 -->\n\nIt is large. <!-- holds: eta > 1 -->\n",
    ],
)
def test_words_that_are_right_pass_and_are_counted(text: str) -> None:
    checked = check_text(FRONT + text, "a.md")
    assert checked.findings == []
    assert len(checked.words) == 1


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            FURTHER.replace("E_o1 >", "E_o1 <"),
            (
                "a.md:5:7: 'further' stands where E_o1 (0.274811083176) < E_o2 (0.0235600255838) "
                "does not hold; write 'nearer'"
            ),
        ),
        (
            PHRASE.replace("It ", "It is too low "),
            (
                "a.md:5:4: 'is too low' stands where out_o1 (0.751365069552) > target_o1 (0.01) "
                "holds; write 'is too high'"
            ),
        ),
        (
            HOLDS.replace("< 0", "> 0"),
            (
                "a.md:5:25: this sentence is false, for delta_o2 (-0.0380982365166) > 0 does not "
                "hold; write another"
            ),
        ),
        (
            HOLDS.replace("<!", f"{NOTE} <!"),
            (
                f"a.md:5:54: {NOTE} stands after a sentence that holds: "
                "delta_o2 (-0.0380982365166) < 0"
            ),
        ),
    ],
)
def test_words_that_are_wrong_are_found(text: str, finding: str) -> None:
    assert found(text) == [finding]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("It is far <!-- if: E_o1 > E_o2 --> away.\n", "expected what to say if not"),
        ("It is $5$ <!-- if: E_o1 > E_o2, else: so --> away.\n", "no word stands before"),
        ("It is so <!-- if: E_o1 > E_o2, else: so --> far.\n", "'so' stands before this mark and"),
        (PHRASE, "expected 'is too high' or 'is too low' before this mark"),
        ("<!-- holds: w5 > 0 -->\n", "no sentence stands before"),
        ("It is far. <!-- holds: E_o1 > -->\n", "not understood: the formula ends too early"),
        ("It is far. <!-- holds: -->\n", "not understood"),
        ("It is far. <!-- holds: F_o1 > 2 -->\n", "F_o1 is no name of this page"),
        ("It is far. <!-- holds: 1 > 0 -->\n", "no name came"),
        ("It is far. <!-- holds: w5 > 0.4 -->\n", "both sides are equal"),
        ("It is far. <!-- holds: w5^{(30000)} > 0.4 -->\n", "came, expected 20000|took"),
    ],
)
def test_a_mark_of_which_nothing_comes_is_a_finding(text: str, message: str) -> None:
    [finding] = found(text)
    assert any(part in finding for part in message.split("|"))


def test_words_need_an_example() -> None:
    [finding] = check_text(FURTHER, "a.md").findings
    assert "no example to check these words by" in finding.message


# Fix


def test_the_right_word_is_written_and_its_mark_names_the_other() -> None:
    wrong = FURTHER.replace("E_o1 >", "E_o1 <")
    right = "It is nearer <!-- if: E_o1 < E_o2, then: further, else: nearer --> from its target.\n"
    assert fixed(wrong) == right
    assert fixed(right) == right
    assert fixed(FURTHER) == FURTHER


def test_the_right_words_are_written() -> None:
    assert fixed(PHRASE.replace("It ", "It is too low ")) == PHRASE.replace(
        "It ", "It is too high "
    )


def test_a_false_sentence_is_left_to_its_author() -> None:
    assert fixed(HOLDS.replace("< 0", "> 0")) == HOLDS.replace("< 0", "> 0")


# Render


def test_words_that_are_right_in_the_new_network_stay() -> None:
    assert body(rendered(FURTHER, b1="0.36")) == FURTHER


def test_words_follow_the_new_network() -> None:
    new = rendered(FURTHER + "\n" + PHRASE.replace("It ", "It is too high "), w5="-9", w6="-9")
    assert new.missed == []
    assert "It is nearer <!-- if: E_o1 > E_o2, then: further, else: nearer -->" in body(new)
    assert "It is too low <!-- if" in body(new)
    assert new.checked.findings == []


def test_a_sentence_that_is_false_by_now_says_so_and_is_named() -> None:
    new = rendered(HOLDS, target_o2="0")
    assert body(new) == HOLDS.replace(" <!", f" {NOTE} <!")
    assert new.checked.findings == []
    [missed] = new.missed
    assert missed.startswith("a.md:5:24: this sentence does not hold: delta_o2 (0.")
    back = render(new.checked.page, {"target_o2": Decimal("0.99")}, "c.md", run=False)
    assert body(back) == HOLDS
    assert back.missed == []


def test_where_rounding_alone_decides_or_nothing_is_known_this_is_named() -> None:
    new = rendered("It is far. <!-- holds: w5 < w6 -->\n", w6="0.4")
    assert "both sides are equal" in new.missed[0]
    assert NOTE in body(new)
    new = rendered("It is far. <!-- holds: 1 / w6 < w6 + 5 -->\n", w6="0")
    assert new.missed == ["a.md:5:11: a sentence: the expression has no finite value"]


# Live


def test_a_condition_becomes_a_tree_of_numbers() -> None:
    text = "It is far. <!-- holds: {} -->\n"
    for condition, tree in (
        ("w5 < w6", ["<", "w5", "w6"]),
        ("w6 >= w5", ["<", "w5", "w6"]),
        ("w5 != w6", ["+", 1.0, ["-", ["=", "w5", "w6"]]]),
        ("b1 = 0.35", ["=", "b1", 0.35]),
        ("0 < w5 < w6", ["*", ["<", 0.0, "w5"], ["<", "w5", "w6"]]),
        ("not w6 < w5", ["+", 1.0, ["-", ["<", "w6", "w5"]]]),
        ("w5 < 0 or w6 > w5", ["max", ["<", "w5", 0.0], ["<", "w5", "w6"]]),
        ("w5 > 0 and w6 > 0", ["*", ["<", 0.0, "w5"], ["<", 0.0, "w6"]]),
    ):
        result = live(check_text(FRONT + text.format(condition), "a.md"))
        [[expr, world, *phrases]] = result.data["words"]
        assert result.data["exprs"][expr] == tree
        assert (world, phrases) == (0, ["", f" {NOTE}"])
        assert result.marks == [(f"holds: {condition}", "", True)]


def test_what_a_browser_cannot_compute_is_none_of_its_words() -> None:
    text = r"It is far. <!-- holds: \frac{\partial}{\partial w_1} net_h1 > 0 -->" + "\n"
    assert live(check_text(FRONT + text, "a.md")).data["words"] == [[-1, 0, "", f" {NOTE}"]]


def test_words_get_elements_and_a_sentence_that_begins_after_the_one_before() -> None:
    page = "<p>One is <em>so.</em> It <b>falls</b> <!-- if: a --> now. <!-- holds: b --> On.</p>"
    made, missed = marked(page, [("if: a", "falls", False), ("holds: b", "", True)])
    assert made == (
        "<p>One is <em>so.</em> "
        '<span class="bp-sentence">It <b><span data-words="0">falls</span></b>  now.</span>'
        '<span data-words="1"></span> On.</p>'
    )
    assert missed == []
    spaced, _ = marked("<p>It <em>falls</em> <!-- if: a -->.</p>", [("if: a", "falls", False)])
    assert spaced == '<p>It <em><span data-words="0">falls</span></em>.</p>'
    again, _ = marked(f"<p>A. It is {NOTE} <!-- holds: b --></p>", [("holds: b", NOTE, True)])
    assert again == (
        f'<p>A. <span class="bp-sentence">It is</span><span data-words="0"> {NOTE}</span></p>'
    )


@pytest.mark.parametrize(
    "page",
    ["<p>On.</p>", "<p>It <!-- if: a --></p>", "<p>A <em>b. <!-- holds: b --></em></p>"],
)
def test_what_is_not_shown_before_its_mark_is_told(page: str) -> None:
    marks = [("if: a", "falls", False), ("holds: b", "", True)]
    _, missed = marked(page, marks)
    assert missed


# What is not bound


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("The error falls. The sky falls.\n", ["The error falls."]),
        ("Now $w_5$ grows by 2.5 here.\n", ["Now ... grows by 2.5 here."]),
        ("Does the error fall? No.\n", []),
        ("One. Its weight is larger\nthan both. <!-- exempt: no -->\n",
         ["Its weight is larger than both."]),
        (FURTHER.replace("It ", "The error "), []),
        (HOLDS, []),
        ("**The error falls.** <!-- words: in every network -->\n", []),
        ("The error falls. <!-- words: -->\n", ["The error falls."]),
        ("The error falls. The weight grows. <!-- words: why -->\n", ["The error falls."]),
        ("    error falls\n\nThe error is 5.\n", []),
    ],
)  # fmt: skip
def test_sentences_that_compare_are_listed_unless_a_mark_stands_there(
    text: str, sentences: list[str]
) -> None:
    page = read_text(FRONT + text, "a.md")
    assert [sentence for *_, sentence in unbound(page)] == sentences


def test_a_page_whose_numbers_stay_has_no_list() -> None:
    assert not list(unbound(read_text("The error falls.\n", "a.md")))
    still = FRONT.replace("---\n", "---\nlive: false\n", 1)
    assert not list(unbound(read_text(f"{still}The error falls.\n", "a.md")))


def test_the_command_lists_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "a.md"
    page.write_text(f"{FRONT}The error falls.\n", "utf-8")
    assert main(["check", "--words", str(page)]) == 1
    assert capsys.readouterr().out == (
        f"{page}:5:1: The error falls.\n1 sentence without a condition or a reason\n"
    )
    page.write_text(FRONT + HOLDS, "utf-8")
    assert main(["check", "--words", str(page)]) == 0
    assert main(["check", str(page)]) == 0
    assert ", 1 word bound, " in capsys.readouterr().out
    assert main(["check", "--json", str(page)]) == 0
    assert json.loads(capsys.readouterr().out)["words"] == 1


def test_the_words_that_rank_are_whole_words() -> None:
    assert not module.RANKS.search("it upsets a morel")
    assert module.RANKS.search("three quarters of it")


def test_a_false_word_or_sentence_is_surely_wrong_and_an_unknown_condition_is_not() -> None:
    text = FRONT + FURTHER.replace("E_o1 > E_o2", "E_o1 < E_o2") + "\n"
    false = check_text(text + HOLDS.replace("< 0", "> 0"), "a.md").findings
    assert [finding.wrong for finding in false] == [True, True]
    [unknown] = check_text(FRONT + HOLDS.replace("delta_o2", "delta_o9"), "a.md").findings
    assert not unknown.wrong
