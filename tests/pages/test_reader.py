"""The reader finds what the site shows: each formula, each decimal, at its place."""

import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from complaints import complaint_of
from hypothesis import given, settings
from hypothesis import strategies as st
from mkdocs.utils.meta import get_data
from rendered import ROOT, Rendered, plain

from backprop.pages.page import Edit, Exemption, Item, Math, Number, Page, ReadError
from backprop.pages.reader import read, read_text

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
NOTEBOOKS = sorted((ROOT / "docs").glob("*.ipynb"))

# A line or block of each kind; every @ becomes a decimal of its own.
PIECES = [
    *("text @ more", "$@$", "@ $a_1 = @$ and \\(b\\)", "**@** and _@_", "(@, @)", "w = -@", "@ %"),
    *("", "", "", "", "", "\n\n", "---", "***", "===", ">"),
    *("$$\nx = @\n$$", "\n$$\nx = @\n$$\n", "\n\\[\nx = @\n\\]\n", "\n$$x = @$$\n"),
    *("\n\\begin{align}\na &= @ \\\\\n&= b\n\\end{align}\n", "\n    $$\n    x = @\n    $$\n"),
    *("\n        $$\n        x = @\n        $$\n", "> $$\n> x = @\n> $$", ">\n> $$\n> @\n> $$\n>"),
    *("# Heading @", "## Heading $@$ {#id-@}", "Heading @\n---", "### Heading @ ###"),
    *("- item @", "* item $@$", "+ item **@**", "1. item @", "@. item", "- [ ] @", "- $$@$$"),
    *("    - nested @", "    indented $@$ @", "\n    indented @\n", "        deep @ $x$", "-  $@$"),
    *("  two @", "   three $@$", "\ttab @", "      six @", "- \n    @", "- - twice @"),
    *('!!! note "Title @ $@$"', "!!! note", "    in it @", '??? question "Title @"', "??? tip"),
    *('=== "Tab @"', '=== "Tab $@$"\n\n    @\n\n=== "Other"\n\n    $@$', "    !!! tip\n        @"),
    *("> quote @", "> > deeper $@$", "> - item @", "lazy @", "> ```\n> @\n> ```"),
    "| a @ | $b$ |\n| - | - |\n| `|` @ | $@$ |",
    *("a | b\n--|--\n@ | \\| @", "| @ |\n|---|\n| @ |"),
    *("see[^1] @", "[a][ref] @", '[link @](http://x/@ "title @")', "[a](<x @> 'title @')"),
    *("<!-- comment @ $@$ -->", "x <!-- in @ $@$ --> @", "<!-- two\n\n@ lines -->"),
    *("<div>@ $@$</div>", '<div title="@">\n@\n\n@ <span>@</span>\n</div> tail @', "<hr>"),
    *("<div markdown>\n@ $@$\n\n- @\n</div>", "<p>paragraph @ <b>bold</b></p>", "<pre>@</pre>"),
    "<figure class='n' markdown>\n<figcaption markdown>Caption @ $@$</figcaption>\n</figure>",
    "<details><summary>Title @</summary>@ <br> @</details>",
    *("<span title='@'>@</span>", "<b>@</b> @<br>@", "<img alt='@' src='@'>", "<script>@</script>"),
    *("`code @ $@$`", "``co ` de @``", "` $@$", "\\`@`", "`` @ `", "``` @ ` $@$ `"),
    *("```\n@ $x$\n```", "```python\n@\n```", '```python title="a"\n@\n```', "~~~\n@\n~~~"),
    *("`@`", "`` @ ``", "a`@`@", "``@, @``", "<div><code>@</code> <code>a @</code></div>"),
    *("`#!python @` `:::python @`", "\\\\`@`"),
    *('\n```python title="@"\n@\n```\n', "\n``` { .python title='@' }\nx\n```\n"),
    *("0.[5](a '@')@", "0.[5][ref]@", "@[ref] [.5]", "[@][ref][.7][ref]", "0.[ref][5]@"),
    *("*0.*{.x}5 @", "0.<b title='@'>5</b>", "**[0.](x)**5", "[@](x)[@](y)", "0.&shy;5 0.&#8203;@"),
    *("$a$5 @", "-$@$ $@$% 1$b$", "0.$5$@", "![0.](a)@ [a](x)[.@](b)", "0\uff0e5 @", "0.\u200b5 @"),
    *("\n    ```python\n    @\n\n    @\n    ```\n", "``` { .python }\n$@$\n```"),
    *('![alt @ $@$](a@.png){ width=@ title="@" }', "x <http://a/@> &lt; @", "https://a.b/@ @"),
    *("5 &#46; @", "1\\.@", "**0**.@", "@e-5", "3e-4 @", "\\$5 and $@$", "\\\\$@$", "a &amp; @"),
    *("Term @\n: definition @", "\ntext\n{ .class-@ }\n", "x < @ > y", "a <@> b", "x@y_@_"),
]  # fmt: skip


def latex(page: Page) -> Counter[str]:
    return Counter(plain(math.latex) for math in page.math)


def digits(numbers: list[str]) -> set[str]:
    return {re.sub(r"\D", "", number) for number in numbers}


def decimals(page: Page) -> set[str]:
    return digits([number.text for number in page.numbers if not number.touches])


def source(page: Page, item: Item) -> str:
    return page.parts[item.part].text[item.start : item.end]


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Draw a page, with a different decimal at each place."""
    text = "\n".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=10)))
    text += draw(
        st.sampled_from(["", "\n\n[^1]: foot @ $@$\n\n    more @", "\n\n[ref]: http://x/@"])
    )
    counter = iter(range(101, 999))
    return re.sub("@", lambda _: f"{draw(st.sampled_from(['0', '12', '']))}.{next(counter)}7", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_real_page(path: Path) -> None:
    page = read(path)
    shown = Rendered(get_data(page.parts[0].text)[0])
    assert latex(page) == Counter(shown.math)
    assert decimals(page) == digits(shown.numbers)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_real_notebook(path: Path) -> None:
    page = read(path)
    cells = [part.text for part in page.parts if part.kind == "markdown"]
    shown = Rendered("\n\n".join(cells))
    assert latex(page) == Counter(shown.math)
    texts = [number.text for number in page.numbers if page.parts[number.part].kind == "markdown"]
    assert digits(texts) == digits(shown.numbers)


@settings(max_examples=400)
@given(pages())
def test_any_page(text: str) -> None:
    if complaint_of(text):
        return  # test_errors shows which pages these are
    page = read_text(text, "page.md")
    shown = Rendered(text[page.front_end :])
    assert latex(page) == Counter(shown.math)
    assert decimals(page) == digits(shown.numbers)


def odd_page(seed: int) -> str:
    """Return a page of odd pieces, with a different decimal at each place."""
    dice = random.Random(seed)  # noqa: S311
    counter = iter(range(101, 999))
    text = "\n".join(dice.choices(PIECES, k=dice.randint(1, 10)))
    return re.sub("@", lambda _: f"{dice.choice(['0', '12', ''])}.{next(counter)}7", text)


def test_few_odd_pages_are_refused() -> None:
    refused = []
    for seed in range(300):
        complaint = complaint_of(odd_page(seed))
        refused += [complaint] if "cannot tell" in complaint else []
    assert len(refused) <= 15, refused


@settings(max_examples=200)
@given(pages(), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
def test_places_are_exact(text: str, line_end: str, mark: str) -> None:
    text = mark + text.replace("\n", line_end)
    if complaint_of(text):
        return
    page = read_text(text, "page.md")
    for math in page.math:
        inside = text[math.latex_start : math.latex_start + len(math.latex)]
        assert math.start <= math.latex_start
        assert math.latex_start + len(math.latex) <= math.end
        for seen, there in zip(math.latex, inside, strict=True):
            assert seen in (there, " ")
    for number in page.numbers:
        there = source(page, number)
        if not set(there) & set("*\\[]<>{}&\u200b") and not number.touches:
            assert number.text == there
        assert number.touches or there[0] == number.text[0]
        assert number.touches or there[-1] == number.text[-1] or there[-1] == ";"
    for comment in page.comments:
        assert source(page, comment).startswith("<!--")
        assert source(page, comment).endswith("-->")
    for code in page.code:
        assert code.start <= code.code_start <= code.code_end <= code.end


@given(st.text(alphabet="$\\`~*_[]()<>!-#=|>{}&;:.^0159ab \t\n\r\"'é\ufeff\x02", max_size=60))
def test_no_other_exception(text: str) -> None:
    for name in ("page.md", "page.ipynb"):
        assert "\n" not in complaint_of(text, name)


@pytest.mark.parametrize("unit", [
    *("$", "$ ", "\\(", "\\", "`", "`a``b```", "[", "[a](", "](", "<", "<a ", '<a "', "<!--", "&"),
    *("{", "*", "_a_", "1", "1,", "0.5 ", "1e", "- ", "> ", ">", "    ", "|`", "\r", "\t"),
    *("***\na\n", "<div>\n", "</div>\n", "    a\n# h\n", "$$ a\n# b $$\n", "\\[\n# a\n"),
    *("!!! a\n", "# a\n", "- a\n\n    b\n\n", "[^1]: a\n\n    b\n", "|a|\n# x\n"),
    *("<!-- exempt: a -->", "```\n", "https://"),
])  # fmt: skip
def test_time_grows_no_faster_than_the_page(unit: str) -> None:
    # Were any step quadratic, this would run for minutes.
    text = unit * (20_000 // len(unit)) + "\n\n$"
    assert complaint_of(text, "page.md") or "`" in unit or "<" in unit or "    " in unit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a $x$ b", ["x"]),
        (r"a \(x\) b", ["x"]),
        ("$x$-$y$", ["x", "y"]),
        ("$a\nb$", ["a\nb"]),
        (r"\$5 and $x$", ["x"]),
        (r"$a\$b$", [r"a\$b"]),
        (r"\\$x$", ["x"]),
        (r"\\\\$x$ \(", ["x"]),
        (r"a\\(b\\) $x$", ["x"]),
        (r"\( and \( and $x$", ["x"]),
        ("`$a$` $x$", ["x"]),
        ("``a ` $b$`` $x$", ["x"]),
        ("a ```` $x$", ["x"]),
        ("```a` $x$", ["x"]),
        (r"\`$x$`", ["x"]),
        (r"\\`$a$` $x$", ["x"]),
        ("$$\nx\n$$", ["\nx\n"]),
        ("$$x$$", ["x"]),
        ("\\[\nx\n\\]", ["\nx\n"]),
        ("\\[x\\]", ["x"]),
        ("\\begin{align}\nx\n\\end{align}", ["\\begin{align}\nx\n\\end{align}"]),
        ("# $x$", ["x"]),
        ("$x$\n===", ["x"]),
        ("$x$\n---", ["x"]),
        ("- $x$\n- $y$", ["x", "y"]),
        ("1. a\n\n    $$\n    x\n    $$", ["\n    x\n"]),
        ("> $$\n> x\n> $$", ["\n  x\n"]),
        ('!!! note "$x$"\n    $y$', ["x", "y"]),
        ('??? note "$x$"\n    $y$', ["x", "y"]),
        ('=== "$x$"\n    $y$', ["x", "y"]),
        ("| $x$ |\n| - |\n| $y$ |", ["x", "y"]),
        ("a[^1]\n\n[^1]: $x$\n\n    $y$", ["x", "y"]),
        ("![$x$](a.png)", ["x"]),
        ("<div markdown>\n$x$\n</div>", ["x"]),
        ("<div>\n$x$\n</div>", []),
        ("<!-- $x$ -->", []),
        ("a <!-- $x$ --> b", []),
        ("    $x$", []),
        ("```\n$x$\n```", []),
        ("> ~~~ python\n> $x$\n> ~~~", []),
    ],
)
def test_formulas(text: str, expected: list[str]) -> None:
    page = read_text(text, "page.md")
    assert [math.latex for math in page.math] == expected
    assert latex(page) == Counter(Rendered(text).math)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5, -1.25, 1e-5, 3.5e-05, .5, 50.5 %, +0.1", "0.5 -1.25 1e-5 3.5e-05 .5 50.5% +0.1"),
        ("a-0.5 and 0.1-0.5", "0.5 0.1 0.5"),
        ("\N{MINUS SIGN}0.5", "\N{MINUS SIGN}0.5"),
        ("1,000.5 and 12,345,678.25", "1,000.5 12,345,678.25"),
        ("-1,000.5 or 2,000 % of 1,2,345.6", "-1,000.5 2,000% 2,345.6"),
        (",000.5 and (0.1,0.5)", "000.5 0.1 0.5"),
        ("1.2.3", "1.2.3"),
        ("5. 5, 10,000 e5 a1e5 3e8f 1e Fig.5 0x1e5", ""),
        ("**0**.5 and 0.**5**", "0.5 0.5"),
        (r"0\.5 and 0&#46;5", "0.5 0.5"),
        ("0.<b>5</b> and 0.5<br>0.7", "0.5 0.5 0.7"),
        ("`$0.5$` $0.5$ <http://0.5> http://0.5 [a](0.5)", ""),
        ("[0.5](a) [b](a '0.6') ![0.7](b)", "0.5 0.6 0.7"),
        ("[0.5]: a\n\n[b]: c '0.6'", "0.6"),
        ("[a](b 0.5 c) [a](b", ""),
        ("a] 0.5 [b", "0.5"),
        ("<i title='0.5' data-x='0.6' aria-label=0.7>0.8</i>", "0.5 0.7 0.8"),
        ("# a { #b-0.5 title='0.6' }", "0.6"),
        ("a { b=0.5 } c", "0.5"),
        ("a {b=0.5}", "0.5"),
        ("a\n{ b=0.5 }", ""),
        ("*a*{ b=0.5 } `c`{ d=0.6 } <i>e</i>{ f=0.7 }", "0.7"),
        ("{ 0.5 }", "0.5"),
        ("a < 0.5 & <b 0.6", "0.5 0.6"),
        ("a <!-- 0.5 --> 0.6 <!-- <!-- 0.7 -->", "0.6"),
        ("<!-- 0.5", "0.5"),
        ("a <!-- 0.5", "0.5"),
        (
            "<div>0.5 <img alt='0.6'> &lt; &#48;.7 <code>x = 0.8</code> <!-- 0.9 --></div>",
            "0.5 0.6 0.7",
        ),
        ("<div><script>0.5</script> 1.5 <style/> 2.5</div>", "1.5 2.5"),
        ("<div><script>0.5</script></div> <pre>1.5</pre>", ""),
        ("<script>0.5 <b></script>", ""),
        # Code that is nothing but numbers is read as they are.
        ("`0.5` ``1.5`` ` -2.5 ` `3.5, 4.5` a`5.5`", "0.5 1.5 -2.5 3.5 4.5 5.5"),
        ("`#!python 0.5` `:::py 1.5` \\\\`2.5`", "0.5 1.5 2.5"),
        ("`x = 0.5` `f(1.5)` `2.5 x` `10` `e` `,`", ""),
        ("<div><code>0.5</code> <code>a 1.5</code> <CODE>2.5</CODE></div>", "0.5 2.5"),
        ('```python title="half: 0.5"\nx\n```', "0.5"),
        ("- a\n\n    ``` { .python title='0.5' #a-1.5 }\n    x\n    ```", "0.5"),
        ("``` { .python title=0.5 }\nx\n```\n\n    ``` title='1.5'\n    ```", "0.5"),
        # What parts no number for the eye parts none.
        ("0.[5](x.md) [1.](x)5 [2](x)[.5](y 'a 3.5')", "0.5 1.5 2.5 3.5"),
        ("[0.][A\nb]5 1.[5] 2.[5][] 3.[5 ][]\n\n[5]: x\n\n[a b]: y", "0.5 1.5 2.5"),
        ("in 1986.[3] 1986.[3][4] 1986.[3][5] ![0.][5]5\n\n[5]: x", "1986.3"),
        ("[0].5 in 1986.[3] a].5 ![0.](x)5", ".5 .5"),
        ("**[0.](x)**5 *1.*{.x}5 *2*.{.x}5", "0.5 1.5"),
        ("0.<span title='1.5'>5</span> 2.<b aria-label='a'>5</b>", "0.5 1.5 2.5"),
        ("0.&#8203;5 1.&shy;5 2.\u200b5 3\u2060.5", "0.5 1.5 2.5 3.5"),
        ("0\uff0e5 1\u00b75 2\u22c55", "0\uff0e5 1\u00b75 2\u22c55"),
    ],
)
def test_numbers(text: str, expected: str) -> None:
    page = read_text(text, "page.md")
    assert [number.text.replace(" ", "") for number in page.numbers] == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$a$71 1$b$ -$c$ ($d$)", "71 1 -"),
        ("$a$,000 $c$e3 $d$E-3 $e$-2", ",000 e3 E-3 -2"),
        ("$a$,$b$, $c$. 5, $d$th, $n$s, non-$e$ and [f]-$g$ $h$\u2013$i$", "-"),
        ("$a$ % $b$% $c$&nbsp;% $d$\u2030 $e$ 5 %", "% % % \u2030"),
        ("$a$ \u00d7 10\u207b\u00b3 $b$\u00b73 $c$ * 10 $d$ / 2", "\u00d710 \u00b73 *10 /2"),
        ("$a$ * $b$ and $c$ / $d$ and $e$ *5*", "/"),
        ("$a$ \u00d7 $b$ 2 \u00b7 $c$", "\u00d7 2\u00b7"),
        ("$a$\u00b2 $b$\u207b\u00b9 $c$^2 $d$<sup>3</sup>", "\u00b2 \u207b\u00b9 ^2 3"),
        ("$a$$b$ | $c$\\($d$", "* *"),
        ("$a$.$b$ x.$c$ .$d$ 1e-$e$ 0.$f$ ...$g$", ". . 1e- 0."),
        ("\u2212 $a$ \u00b1$b$ - $c$ + $d$ a -$e$", "\u2212 \u00b1 + -"),
        ("$a$ = $b$ &lt; $c$ \u2248 2 > $d$ $e$ = words", "= < \u22482"),
        (
            "\u2013$a$ \u2010$b$ b\u2013$c$ $d$\u2013$e$ 1/$f$ 2 * $g$ \u00bd$h$",
            "\u2013 \u2010 1/ 2* \u00bd",
        ),
        (
            "($a$)% $b$ \\% ($c$)  % $d$\u00bd $e$ \u00b0 $f$ + 2 $g$ - 2",
            ")% \\% )% \u00bd \u00b0 +2",
        ),
        ("$a$`5` `5`$b$ `x`$c$ $d$`5 x`", "5 5"),
        ("**$a$**5 -**$b$** **$c$** 5", "5 -"),
        ("$a$<!-- b -->5 $c$[5](x) [5](y)$d$ [$e$](z)5", "5 5 5 5"),
        ("$a$0.5 1.5$b$ $c$.5", ""),  # found as decimals
        ("![$a$5](b.png) [d](e '-$c$')", "5 -"),
        ("# -$a$\n\n| a |\n|---|\n| $b$5 |", "- 5"),
        ("$$\na\n$$\n\n5", ""),
        ("$a$\n5\n$b$\n- $c$", ""),
    ],
)
def test_what_touches_a_formula(text: str, expected: str) -> None:
    page = read_text(text.replace("\\(", ""), "page.md")
    touching = [number for number in page.numbers if number.touches]
    assert [number.text.replace(" ", "") or "*" for number in touching] == expected.split()
    for number in touching:
        there = source(page, number)
        assert number.text in there.replace("&nbsp;", "") or "&" in there


@pytest.mark.parametrize(
    "text",
    [
        # Containers in containers
        "- a 0.1\n    - b $x$ 0.2\n    - c 0.3\n        - d $y$\n    e 0.4",
        "- a\n\n    b $x$\n\n        code 0.1 $y$\n\n    c 0.2",
        "- a\n\n        code 0.1 $y$\n\n- b $x$",
        "- a\n\n    - b\n\n        c $x$ 0.1\n\n            code 0.2",
        "- - a $x$\n    - b 0.1",
        "- a\n\n- b\n    - c $x$\n\n    d 0.1\nlazy 0.2",
        "- # $x$\n  0.1\n- > 0.2\n  $y$",
        "!!! note\n\n    - a\n\n        b $x$ 0.1\n\n            code 0.2\n\n    $y$\n\n0.3",
        "- a\n\n    !!! note\n\n        $x$\n\n        - b\n\n            $y$ 0.1\n\n    0.2",
        "!!! note\n    $x$\n0.1\n??? tip\n    $y$\n# 0.2",
        "> - a\n>\n>     $x$ 0.1\n>\n> b\n\n> 0.2\nlazy $y$",
        "> > a $x$\n> 0.1\n\nb\n> 0.2",
        "    $x$\n0.1",
        "a\n    $x$ 0.1",
        # Blocks without blank lines between them
        "# a $x$\n0.1\n## 0.2\n| a | b |\n|--|--|\n| $y$ | 0.3 |",
        "a 0.1\n***\n0.2\n---\n$x$\n===\n> 0.3\n***\n===",
        "$$\nx\n$$\n# 0.1",
        "$$\nx\n$$\n[^1]: 0.1\n\n    $y$\nb[^1]",
        "a[^1][^2]\n\n[^1]: $x$\nlazy 0.1\n[^2]: 0.2\n\n    $y$\n[^3]: 0.3",
        "a[^1]\n\n[^1]: 0.1\n\n\n    code $x$ 0.2",
        "[^1]: a\n\n    b 0.1\n   [^2]: $x$\n\n[^1][^2]",
        "*[AB]: title 0.1\nAB\n\n*[CD]:\n\nCD $x$",
        "[a]: b '0.1'\n[c]: d (0.2)\n$x$ [a], [c]",
        "\\[\nx\n\\]\n\n\\[ y \\] z\n\n\\[\\]\n\n\\[\na \\]\n\\]",
        "| a |\nb\n\n| $x$ | b\n|--|\n\n a | 0.1 |\n- | -\n 0.2",
        "| a |\n|---|\nb $x$",
        "| \\| 0.1 | `|` | ``a`|`` $x$ | \\\\ |\n|-|-|-|-|\n| \\`|` 0.2 | ` | 0.3 | $y$ | z |",
        "  | a | b \\|\n|--|--|\n| $x$ |",
        # HTML
        "<?php 0.1 $x$ ?>\n\n0.2 <? 0.3 $y$\n\n<!DOCTYPE html 0.4>\n",
        '<div markdown="1">\n0.1 $x$\n</div>\n<div markdown="block">$y$</div>',
        "<div markdown='markdown'>\n$x$\n</div>\n\n<div markdown=0>\n0.1 $y$\n</div>",
        "<p markdown>0.1 $x$</p>\n<p markdown='span'>*0.2* $y$</p>",
        "<p markdown='block'>\n- $x$\n</p>\n\n<pre markdown>0.1 $y$</pre>",
        "<section markdown>\n# $x$\n<div>0.1 $y$</div>\n0.2 <b>$z$</b>\n</section> 0.3",
        "<div markdown>\n<div markdown>\n$x$\n</div>\n0.1\n</div>\n\n</div> $y$",
        "<div><p>0.1<br/><img alt='0.2'></div> tail $x$ 0.3\n\n$y$",
        "<div>\n<!-- 0.1 -->\n</span>0.2</div>\n\n<hr> $x$\n\n  <hr/>0.3",
        "<summary markdown>\n<div markdown>\n$x$ 0.1 <b>$y$</b>\n</div>\n</summary>",
        "<div>a & 0.1 &amp; 0.2 &nbsp; 0.3 < 0.4</div>",
        "a <div>$x$ 0.1</div>\n\n- <div>$y$ 0.2</div>\n\n    <div>0.3</div>",
        "<!-- a --> $x$ <!-- b --> 0.1\n<!-- c -->0.2",
        "0.1 <!-- two\nlines 0.2 --> $x$\n\n`<!-- 0.3 -->` $y$",
    ],
)
def test_odd_pages(text: str) -> None:
    page = read_text(text, "page.md")
    shown = Rendered(text)
    assert latex(page) == Counter(shown.math)
    assert decimals(page) == digits(shown.numbers)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a\nb $$ c", "2:3", "unclosed $$: a formula on lines of its own stands between two"),
        ("$$x$$ a", "1:1", "unclosed $$"),
        ("$$\nx\n\ny\n$$", "1:1", "unclosed $$"),
        ("$$\nx\\$$", "1:1", "unclosed $$"),
        ("$$$$", "1:1", "unclosed $$"),
        ("\\begin{align}\\end{align}", "1:1", "begin stands in a line"),
        ("a $5", "1:3", "$ without its partner"),
        ("# a $ b$", "1:5", "$ without its partner"),
        ("a \\begin{align} x \\end{align}", "1:3", "\\begin stands in a line"),
        ("a\n\n```python\nb", "3:1", "``` is not closed"),
        ("- a\n\n    ~~~\n  b\n    ~~~", "3:5", "~~~ is not closed"),
        ("> ```\n> a\nb\n> ```", "1:3", "``` is not closed"),
        ("```\n> a\n```\n> ```", "4:3", "``` is not closed"),
        ("```python a\nb\n```", "1:1", "the site does not take '```python a' for a fence"),
        ("    a\n```\nb\n```", "2:1", "this fence follows indented code"),
        ("$$\na\n```\nb\n```\n$$", "3:1", "a fence stands in a formula"),
        ("a\n\n<div>\nb", "3:1", "<div> is not closed"),
        ("```\na\n```\n\n<div markdown>\nb", "5:1", "<div> is not closed"),
        ("a <i title='$b$'>c</i>", "1:1", "a formula stands in a tag of HTML"),
        ('a <i title="$b$">c</i>', "1:1", "a formula stands in a tag of HTML"),
        ("<script>\nb", "1:1", "<script> is not closed"),
        ("---\na: [\n---\n", "3:1", "front matter that is not YAML"),
        ("---\na: 2020-99-99\n---\n", "1:1", "front matter that is not YAML: month must be"),
        ("<!-- backprop: example -->", "1:1", "the mark says 'example', expected name=value"),
        ("a <!-- backprop: -->", "1:3", "the mark says '', expected name=value"),
    ],
)
def test_errors(text: str, place: str, message: str) -> None:
    complaint = complaint_of(text)
    assert complaint.startswith(f"page.md:{place}: ")
    assert message in complaint


def test_not_utf_8(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_bytes("é\nab".encode() + b"\xff")
    with pytest.raises(ReadError, match=r"page\.md:2:3: byte 5 is not UTF-8$"):
        read(page)


def test_front_matter() -> None:
    text = "---\ntitle: A\nexample: {i1: 0.5}\n---\n\n0.7\n"
    page = read_text(text, "page.md")
    assert page.front == {"title": "A", "example": {"i1": 0.5}}
    assert text[page.front_end :] == "\n0.7\n"
    assert [number.text for number in page.numbers] == ["0.7"]
    assert str(page.place(0, page.numbers[0].start)) == "6:1"


def test_title_and_description_are_seen_by_readers() -> None:
    text = '---\ntitle: "\u00e9 0.5"\nother: 0.6\ndescription: >-\n  about\n  0.7\n---\n'
    page = read_text(text, "page.md")
    assert [(str(page.place(0, n.start)), n.text) for n in page.numbers] == [
        *(("2:11", "0.5"), ("6:3", "0.7"))
    ]
    page = read_text("---\ntitle: [0.5]\n---\n", "page.md")
    assert page.numbers == []
    page = read_text("---\ntitle: &a E 0.5\ndescription: *a\n---\n", "page.md")
    assert [str(page.place(0, n.start)) for n in page.numbers] == ["2:13"]


@pytest.mark.parametrize(
    ("front", "error"),
    [
        ("a: 1\nb: {}\na: 2", "page.md:4:1: front matter: 'a' came twice, expected it once"),
        ("a:\n  - b:\n      c: 1\n      c: 1", "page.md:5:7: front matter: 'c' came twice"),
        ("a: {b: 1, 'b': 2}", "page.md:2:11: front matter: 'b' came twice"),
        ("1: a\n'1': b", ""),
        ("a: &x {b: 1}\nc: *x\nd: [*x, *x]\ne: &y [*y]", ""),
    ],
)
def test_a_key_comes_once(front: str, error: str) -> None:
    found = complaint_of(f"---\n{front}\n---\n", "page.md")
    assert found.startswith(error)
    assert bool(found) == bool(error)


@pytest.mark.parametrize("text", ["a\n---\n0.5\n---\n", "---\n0.5\n", "---\n- 0.5\n---\n"])
def test_no_front_matter(text: str) -> None:
    page = read_text(text, "page.md")
    assert (page.front, page.front_end) == ({}, 0)
    assert [number.text for number in page.numbers] == ["0.5"]


@pytest.mark.parametrize(
    ("text", "exempted", "reason"),
    [
        ("0.5 <!-- exempt: a version -->", "0.5", "a version"),
        ("**0.5**<!--exempt: two\nlines-->", "0.5", "two\nlines"),
        ("0.5\n<!-- exempt: next line -->", "0.5", "next line"),
        ("0.6 $x$ <!-- exempt: the formula -->", "$x$", "the formula"),
        ("$$\nx\n$$\n<!-- exempt: below -->", "$$\nx\n$$", "below"),
        ("> $$\n> x\n> $$\n>\n> <!-- exempt: below -->", "$$\n> x\n> $$", "below"),
        ("| a |\n|---|\n| 0.5 <!-- exempt: cell --> |", "0.5", "cell"),
        ("0.5 <!-- exempt -->", "0.5", ""),
        ("0.5 <!-- exempt: -->", "0.5", ""),
        ("0.5 and <!-- exempt: too far -->", None, "too far"),
        ("0.5\n\n<!-- exempt: another block -->", None, "another block"),
        ("$$\nx\n$$\n\n\n<!-- exempt: too far -->", None, "too far"),
        ("0.5" + " " * 300 + "<!-- exempt: too far -->", None, "too far"),
        ("<!-- exempt: nothing -->", None, "nothing"),
        ("0.5 <!-- a --> <!-- exempt: not that -->", None, "not that"),
    ],
)
def test_exemptions(text: str, exempted: str | None, reason: str) -> None:
    page = read_text(text, "page.md")
    (mark,) = page.exemptions
    assert mark.reason == reason
    assert source(page, mark).startswith("<!--")
    assert (None if mark.of is None else source(page, mark.of)) == exempted


@pytest.mark.parametrize(
    "text",
    ["0.5 <!-- exempted: a -->", "0.5 `<!-- exempt: a -->`", "0.5\n\n    <!-- exempt: a -->"],
)
def test_no_exemption(text: str) -> None:
    assert read_text(text, "page.md").exemptions == []


def test_switches_hold_in_their_section() -> None:
    text = """$a$
<!-- backprop: example=notes -->
$b$
# One
$c$
## Two
<!-- backprop: notation=lecture example="my own" -->
$d$
### Three
$e$ <!-- backprop: example=lecture --> $f$
## Four
$g$
"""
    page = read_text(text, "page.md")
    found = {math.latex: page.settings(math.part, math.start) for math in page.math}
    mine = {"example": "my own", "notation": "lecture"}
    assert found == {
        "a": {},
        "b": {"example": "notes"},
        "c": {"example": "notes"},
        "d": mine,
        "e": mine,
        "f": mine | {"example": "lecture"},
        "g": {"example": "notes"},
    }
    assert [(heading.level, heading.text) for heading in page.headings] == [
        *((1, "One"), (2, "Two"), (3, "Three"), (2, "Four"))
    ]


def test_cells() -> None:
    text = "| a | $b$ |\n|---|---|\n| 0.5 | $c$ | $d$ |\n\ne $f$\n\ng | h\n-|-\n`|` | 0.6"
    page = read_text(text, "page.md")
    assert [math.cell for math in page.math] == [(0, 0, 1), (0, 1, 1), None]
    assert [number.cell for number in page.numbers] == [(0, 1, 0), (1, 1, 1)]


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("```python\nx = 1\n\ny\n```", "python", "x = 1\n\ny\n"),
        ("~~~~ { .python #a }\n~~~\n~~~~", "python", "~~~\n"),
        ("``` { #a }\n```", "", ""),
        ('```python title="a" hl_lines="1-2 3" linenums="1"\nx\n```', "python", "x\n"),
        ("```\nx\n```  ", "", "x\n"),
        ("- a\n\n    ``` python\n    x\n\n      y\n    ```", "python", "x\n\n  y\n"),
        ("> ```text\n> x\n>\n> y\n> ```", "text", "x\n\ny\n"),
        ("!!! note\n\n    ```py\n    x\n    ```", "py", "x\n"),
        ("<!-- a\n```\nx\n```\n-->", "", "x\n"),
    ],
)
def test_fences(text: str, language: str, code: str) -> None:
    page = read_text(text, "page.md")
    (found,) = page.code
    assert (found.language, found.text, found.fenced) == (language, code, True)
    assert source(page, found)[0] in "`~"
    lines = [line.strip(" >") for line in text[found.code_start : found.code_end].splitlines()]
    assert lines == [line.strip() for line in code.splitlines()]


def test_indented_code() -> None:
    page = read_text("a\n\n    x = 0.5\n    ```\n    ```\n\n0.6 ```b```", "page.md")
    (code,) = page.code
    assert (code.text, code.fenced) == ("x = 0.5\n```\n```\n", False)
    assert [number.text for number in page.numbers] == ["0.6"]


def test_deeply_nested() -> None:
    for text in (">" * 3000 + " 0.5", "* a\n" + " " * 4000 + "0.5"):
        page = read_text(text, "page.md")
        assert len(page.numbers) + len(page.code) == 1
    with pytest.raises(ReadError, match="nest too deeply for the site"):
        read_text("- " * 3000 + "0.5", "page.md")  # the site's Markdown fails on it
    assert len(read_text("0.5", "page.md").numbers) == 1


def test_edits_change_nothing_else() -> None:
    text = "\ufeffa 0.5\r\n\tb $x = 0.6$\r\n"
    page = read_text(text, "page.md")
    (number,), (math,) = page.numbers, page.math
    edits = [
        Edit(0, math.latex_start + 4, math.latex_start + 7, "0.7"),
        Edit(0, number.start, number.end, "0.25"),
    ]
    assert page.edited(edits) == "\ufeffa 0.25\r\n\tb $x = 0.7$\r\n"
    assert page.edited([]) == text
    with pytest.raises(ValueError, match=r"^edits: two at offset 3 came, expected no overlap$"):
        page.edited([edits[1], Edit(0, number.start, number.end, "0.25")])


def notebook(*cells: dict[str, Any]) -> str:
    """Return a notebook's file, indented as Jupyter does."""
    blank: dict[str, Any] = {"metadata": {}}
    return json.dumps({"metadata": {"title": "A"}, "cells": [blank | c for c in cells]}, indent=1)


def test_a_mark_leaves_out_the_rest_of_its_cell() -> None:
    off, on = "<!-- backprop: off -->", "<!-- backprop: on -->"
    first = {"cell_type": "markdown", "source": f"0.5 {off} 1.5"}
    second = {"cell_type": "markdown", "source": f"2.5 {off} 3.5 {on} 4.5"}
    page = read_text(notebook(first, second), "a.ipynb")
    assert ([number.text for number in page.numbers], page.left_out) == (["0.5", "2.5", "4.5"], 2)


def test_what_a_notebook_says_of_itself_is_seen_by_readers() -> None:
    text = json.dumps({"metadata": {"title": "A", "description": "half: 0.5"}, "cells": []})
    page = read_text(text, "a.ipynb")
    [number] = page.numbers
    assert (str(page.place(number.part, number.start)), number.text) == ("1:7", "0.5")
    edit = Edit(number.part, number.start, number.end, "0.75")
    assert page.edited([edit]) == text.replace("0.5", "0.75")


def test_notebook() -> None:
    picture = {"alt": "A curve that ends at 0.8."}
    text = notebook(
        {"cell_type": "markdown", "source": ["# é\n", "\n", '"a" \t $x = 0.5$ and 0.6\n']},
        {"cell_type": "code", "source": "print(0.7)", "metadata": picture},
        {"cell_type": "raw", "source": "0.9"},
        {"cell_type": "markdown", "source": "\N{SMILING FACE WITH OPEN MOUTH} 0.6"},
    )
    page = read_text(text, "a.ipynb")
    assert page.front == {"title": "A"}
    (math,) = page.math
    assert str(page.place(math.part, math.start)) == "cell 1:3:7"
    assert [(str(page.place(n.part, n.start)), n.text) for n in page.numbers] == [
        *(("cell 1:3:21", "0.6"), ("cell 2:1:22", "0.8"), ("cell 4:1:3", "0.6"))
    ]
    (code,) = page.code
    assert (code.language, code.text) == ("python", "print(0.7)")
    start = math.latex_start + 4
    edits = [Edit(math.part, start, start + 3, "0.75")]
    edits += [Edit(n.part, n.start, n.end, "1.5") for n in page.numbers if n.text == "0.6"]
    expected = text.replace("0.5", "0.75").replace("0.6", "1.5")
    assert page.edited(edits) == expected
    assert [number.text for number in read_text(expected, "a.ipynb").numbers] == [
        "1.5",
        "0.8",
        "1.5",
    ]


def test_edit_in_a_notebook_is_escaped() -> None:
    page = read_text(notebook({"cell_type": "markdown", "source": "a"}), "a.ipynb")
    edited = page.edited([Edit(0, 0, 1, '"\\\n')])
    assert json.loads(edited)["cells"][0]["source"] == '"\\\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "a.ipynb:1:2: not JSON: Expecting property name"),
        ('{"cells": [],\n "a": nul}', "a.ipynb:2:7: not JSON: Expecting value"),
        ("[]", "a.ipynb:1:1: not a notebook: expected cells"),
        ("{}", "a.ipynb:1:1: not a notebook: expected cells"),
        (
            '{"metadata": {}, "cells": [{"metadata": {}, "cell_type": "code", "source": 5}]}',
            "not a",
        ),
        (
            '{"metadata": {"a": 1, "b": 2, "b": 3}, "cells": []}',
            "a.ipynb:1:1: not a notebook: 'b' came twice, expected it once",
        ),
        ("[" * 100_000, "a.ipynb:1:1: not a notebook: expected cells"),
        (notebook({"cell_type": "markdown", "source": "\n$"}), "a.ipynb:cell 1:2:1: $ without"),
    ],
)
def test_notebook_errors(text: str, message: str) -> None:
    assert message in complaint_of(text, "a.ipynb")


def test_items_say_what_they_are() -> None:
    page = read_text("a $x$ 0.5 <!-- exempt: b -->", "page.md")
    assert page.math == [Math(0, 2, 5, "x", 3, display=False)]
    assert page.numbers == [Number(0, 6, 9, "0.5")]
    assert page.exemptions == [Exemption(0, 10, 28, "b", page.numbers[0])]
