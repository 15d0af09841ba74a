"""A page is sent without what no reader sees."""

from backprop.site import slim

MARKED = '<span class="n">w5</span><span class="w">  </span><span class="o">=</span> 1'
CODE = f"<pre><code>{MARKED}\n\n\n</code></pre>"
NAV = "<nav>\n\n\n  <a href='#'>\n\n  One  page\n </a></nav>"


def test_names_in_code_are_not_marked_and_all_else_stays() -> None:
    page = f"<article>{CODE}<p>two  spaces</p></article>"
    assert slim.on_post_page(page) == page.replace('<span class="n">w5</span>', "w5").replace(
        '<span class="w">  </span>', "  "
    )


def test_a_formula_in_a_line_is_not_marked_as_one() -> None:
    formulas = '<math display="{}"><mi>x</mi></math><math class="a" display="{}"/>'
    page = f"<article>{formulas}</article>"
    assert slim.on_post_page(page.format("block", "inline")) == (
        '<article><math display="block"><mi>x</mi></math><math class="a"/></article>'
    )


def test_around_the_text_there_are_no_empty_lines() -> None:
    page = f"<body>\n\n\n{NAV}<article>{CODE}</article>{NAV}\n\n\n</body>"
    short = "<nav>\n<a href='#'>\nOne\npage\n</a></nav>"
    expected = page.replace(NAV, short).replace(CODE, slim.PLAIN.sub(r"\1", CODE))
    assert slim.on_post_page(page) == expected.replace(">\n\n\n<", ">\n<")


def test_a_page_without_an_article_stays() -> None:
    assert slim.on_post_page("<body>\n\n\n</body>") == "<body>\n\n\n</body>"
