"""LaTeX becomes MathML, or an error that says why not."""

import re
from xml.etree import ElementTree as ET

import pytest
from markdown import Extension, Markdown

from backprop.site.mathml import MathExtension, to_mathml

MARKED = re.compile(r'<span class="math">([^<]*)<math.*?</math>([^<]*)</span>')


def markup(latex: str, display: str = "inline") -> str:
    return ET.tostring(to_mathml(latex, display), encoding="unicode")


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        (r"\frac{\partial E}{\partial w_5}", "<mfrac>"),
        (r"\mathrm{net}_{h_1}", "<mi>net</mi>"),
        (r"\square", "\u25fb"),
        (r"\operatorname{net}_{o1}", "<mi>net</mi>"),
        (r"\mathrm{d}x", '<mi mathvariant="normal">d</mi>'),
        (r"\mathbf{W}", "\U0001d416"),
        (r"\hat{y}", "\u0302"),
        (r"a\!b", 'width="-0.1667em"'),
        (r"0.15 < 0.2", "<mo>&lt;</mo>"),
        (r"5\%", "%"),
        (r"x \& y", "&amp;"),
        (r"\text{this & that}", "&amp;"),
        (r"\begin{equation}a = b\end{equation}", "<mi>b</mi>"),
        (r"\begin{split}a &= 1 \\ &= 2\end{split}", '<mtable displaystyle="true" class="aligned">'),
        (r"\begin{cases}1 & x > 0 \\ 0\end{cases}", "{"),
        (r"{\begin{bmatrix}1 & 2\end{bmatrix}}^\top", "<msup><mrow>"),
        (r"\hspace{1em} 2", 'width="1em"'),
    ],
)
def test_converted(latex: str, part: str) -> None:
    assert part in markup(latex)


def test_align_has_no_equation_numbers() -> None:
    assert markup(r"\begin{align}a &= b\end{align}") == markup(r"\begin{align*}a &= b\end{align*}")


def test_a_sign_after_a_relation_is_no_subtraction() -> None:
    assert markup("a = -b - c").count('form="prefix"') == 1
    assert markup("(a) - b").count('form="prefix"') == 0
    assert markup("c(-a - b) - d").count('form="prefix"') == 1


def groups(element: ET.Element) -> str:
    """The signs of a formula, with a pair of angle brackets around those of each row."""
    if element.tag in ("mo", "mn", "mi"):
        return element.text or "."
    inner = "".join(map(groups, element))
    return f"<{inner}>" if element.tag == "mrow" else inner


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("a = (b)", "<a=<(b)>>"),
        ("(a)", "<(a)>"),  # the row of the formula is one group already
        ("(a)(b)", "<<(a)><(b)>>"),
        ("a((b)c)", "<a<(<(b)>c)>>"),
        ("(a)_1^2", "<<(a)>12>"),
        ("((a)^2)", "<(<(a)>2)>"),
        ("x(a + b)^2", "<x<(a+b)>2>"),
        ("a [0, 1)", "<a<[0,1)>>"),
        (r"2\{a\}", "<2<{a}>>"),
        (r"2\left\lfloor a\right\rfloor", "<2<\u230aa\u230b>>"),
        ("|a| + |b|", "<<|a|>+<|b|>>"),
        ("2|a|^2", "<2<|a|>2>"),
        ("P(a|b)", "<P<(a|b)>>"),
        ("|(a|b)|", "<|<(a|b)>|>"),
        (r"2\left(\frac{a}{b}\right)", "<2<(ab)>>"),
        (r"2\left.a\right|_1", "<2<.a|>1>"),
        (r"2\left(a\middle|b\right)", "<2<(a|b)>>"),
        ("a) + b", "<a)+b>"),
        ("a + (b", "<a+(b>"),
        ("(|a)|", "<<(|a)>|>"),
        (r"{\begin{bmatrix}1\end{bmatrix}}^\top", "<<[1]>\u22a4>"),
        (r"a = \begin{bmatrix}1 & 2\end{bmatrix}", "<a=<[12]>>"),
        (r"a\begin{vmatrix}1\end{vmatrix}", "<a<|1|>>"),
        (r"f = \begin{cases}(1) & (2)\end{cases}", "<f=<{<(1)><(2)>>>"),
        (r"\begin{align}a &= \begin{bmatrix}1\end{bmatrix} b\end{align}", "<a.=<[1]>b>"),
        (r"\sqrt{a[b]}", "<<a<[b]>>>"),
    ],
)
def test_fences_stand_in_a_row_with_what_they_enclose(latex: str, expected: str) -> None:
    assert groups(to_mathml(latex, "block")) == expected


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        ("", "empty"),
        (r"\foo x", r"unknown command \\foo"),
        (r"\mathfoo{x}", r"unknown command \\mathfoo"),
        (r"\begin{aligned}a &= b\end{aligned}", "unknown environment 'aligned'"),
        (r"\begin{align}a &= b", "missing end"),
        ("a & b", "& outside"),
        (r"a \\ b", r"\\\\ outside"),
        (r"\begin{align}a \\[4pt] b\end{align}", "a length after"),
        ("{a", "brace"),
        ("a}", "brace"),
        (r"}a{", "brace"),
        (r"\text{a {b} c}", "inside"),
        (r"\frac{a}", "missing argument"),
        (r"\sqrt", "no available tokens"),
        ("a_", "missing super script or subscript"),
        ("x^2^3", "double superscripts"),
        (r"\left( a", "missing right"),
        (r"\begin{bmatrix}1\end{bmatrix}^\top", "after a matrix"),
        ("100% of", "comment"),
        ("5 in", "length"),
        (r"\tag{1} a", "tag"),
        (r"\boldsymbol{W}", "browsers do not draw"),
        (r"\cancel{a}", "browsers do not draw"),
        ("\u00e9", "not in the math font"),
    ],
)
def test_refused(latex: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        to_mathml(latex, "block")
    assert "\n" not in str(caught.value)


def render(text: str) -> str:
    arithmatex = {"pymdownx.arithmatex": {"generic": True}}
    extensions: list[str | Extension] = ["tables", "toc", "pymdownx.arithmatex", MathExtension()]
    return Markdown(extensions=extensions, extension_configs=arithmatex).convert(text)


def test_math_wherever_a_page_has_it() -> None:
    table = "| $b$ |\n|---|\n| $c$ |"
    html = render(f"# Of $a$\n\n{table}\n\n$$\nd < e\n$$\n\n\\begin{{align}}f\\end{{align}}\n")
    assert html.count("<math") == 5
    assert "<mo>&lt;</mo>" in html


def test_only_what_may_scroll_is_a_stop_for_the_keyboard() -> None:
    row = " + ".join(["0.15 \\times 0.05"] * 4)
    assert 'tabindex="0"' in render(f"$$\na = {row}\n$$")
    assert 'tabindex="0"' in render(f"\\begin{{align}}a &= b \\\\ c &= {row}\\end{{align}}")
    assert "tabindex" not in render(
        "$$\na = \\frac{0.1 + 0.2 + 0.3 + 0.4}{0.5 + 0.6 + 0.7 + 0.8}\n$$"
    )
    assert 'tabindex="0"' in render(f"so ${row}$")
    assert "tabindex" not in render("so $a = 0.15 \\times 0.05$")


def test_the_index_of_a_letter_with_a_foot_hangs_as_high_as_any() -> None:
    assert '<msub><mpadded depth="0px"><mover' in markup(r"\hat{y}_1")
    assert '<msub><mpadded depth="0px"><mi>y' in markup("y_1")
    assert "<msub><mi>x" in markup("x_1")


def test_an_exponent_stands_beside_an_accent_and_not_above_it() -> None:
    assert '<msup><mpadded height="0.68em"><mover' in markup(r"\tilde{E}^{(1)}")
    assert '<msubsup><mpadded depth="0px" height="0.68em"><mover' in markup(r"\tilde{E}_4^{(1)}")
    assert "mpadded" not in markup("E^{(1)}")


def test_a_prime_is_as_large_as_its_letter() -> None:
    prime = '<mo form="postfix" lspace="0" rspace="0">\u2032</mo>'
    assert f"<mi>u</mi>{prime}" in markup("u'")
    assert f"<mi>tanh</mi>{prime}" in markup(r"\tanh'(z)")
    assert "<msup><mi>u</mi><mn>2</mn></msup>" in markup("u^2")


def test_a_times_sign_has_the_space_of_a_plus() -> None:
    sides = 'lspace=".2em" rspace=".2em"'
    assert f"<mo {sides}>\u00d7</mo>" in markup(r"2 \times a")
    assert f"<mo {sides}>\u00b7</mo>" in markup(r"2 \cdot a")
    assert sides not in markup("2 + a")


@pytest.mark.parametrize(
    ("latex", "spaces"),
    [
        ("(a)(b)(c)", 2),
        ("(a)^2(b)_1", 1),
        (r"\left(\frac{a}{b}\right)(c)", 1),
        (r"\begin{bmatrix}1\end{bmatrix}\begin{bmatrix}2\end{bmatrix}", 1),
        ("((a)(b))(c)", 2),
        ("f(a) + 2(b)", 0),
        (r"(a) \times (b)", 0),
        ("|a|(b)", 0),
        ("a) (b", 1),
    ],
)
def test_a_thin_space_parts_brackets(latex: str, spaces: int) -> None:
    assert markup(latex, "block").count('<mspace width=".17em" />') == spaces


@pytest.mark.parametrize(
    ("latex", "spaces"),
    [
        (r"\ln x", 1),
        (r"\ln 0.5", 1),
        (r"a \ln b", 2),
        (r"a_1 \ln^2 b_1", 2),
        (r"(1 - a) \ln(1 - b)", 1),
        (r"\mathrm{target} \ln \mathrm{out}", 2),
        (r"-\ln \ln x", 2),
        (r"1 \times \ln(x) + \tanh'(z)", 0),
        (r"\mathrm{net} = \sigma(x)", 0),
    ],
)
def test_a_thin_space_parts_a_named_function_from_its_neighbors(latex: str, spaces: int) -> None:
    assert markup(latex).count('<mspace width=".17em" />') == spaces


def test_the_marks_that_touch_a_formula_stand_in_its_element() -> None:
    html = render('See ("$a$"), **$b$**, [$c$]; $d$-th, $e$ and $f$ $g$.')
    texts = [f"{before}|{after}" for before, after in MARKED.findall(html)]
    assert texts == ['("|"),', "|", "[|];", "|-", "|", "|", "|."]


def test_dollars_that_are_no_math() -> None:
    html = render("It costs \\$5, and `$x$` and `\\(` are code.\n\n    $$\n")
    assert "It costs $5" in html
    assert "<math" not in html


@pytest.mark.parametrize(
    "text",
    ["$$\na\n\nb\n$$", r"a \(b", r"a \[b\] c", "$a", "a $$ b", "**$a**", r"x \begin{align} y"],
)
def test_a_formula_without_its_end_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="without its partner"):
        render(text)
