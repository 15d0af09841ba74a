"""Pictures from different hands stand together on a page."""

from backprop.site.inline_svg import plot, unique_ids


def test_ids_and_references_change_together() -> None:
    svg = (
        '<svg aria-labelledby="t d"><title id="t"/><desc id="d"/><g clip-path="url(#c)"/>'
        '<use xlink:href="#m" data-id="t"/><a href="#m"/></svg>'
    )
    assert unique_ids(svg, "p-") == (
        '<svg aria-labelledby="p-t p-d"><title id="p-t"/><desc id="p-d"/><g clip-path="url(#p-c)"/>'
        '<use xlink:href="#p-m" data-id="t"/><a href="#p-m"/></svg>'
    )


def test_a_plot_keeps_its_shape_and_takes_the_color_of_the_text() -> None:
    svg = (
        '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC\n "x">\n<svg viewBox="0 0 1 1"><metadata>\n'
        "when</metadata><!-- who -->\n<defs>\n <style>*{color:red}</style>\n</defs>\n"
        '<g id="a" style="stroke: #000000; fill: #1f77d0"/>\n</svg>'
    )
    assert plot(svg, "p-") == (
        '<svg viewBox="0 0 1 1"> <g id="p-a" stroke="currentColor" fill="#1f77d0"/> </svg>'
    )


def test_the_same_plot_is_the_same_text_though_its_ids_are_drawn_at_random() -> None:
    svg = '<svg><path id="m{0}"/><use xlink:href="#m{0}"/><clipPath id="p{1}"/>'
    svg += '<image id="image{1}"/></svg>'
    once, again = svg.format("0a1b2c3d4e", "5f6a7b8c9d"), svg.format("a0a0a0a0a0", "b1b1b1b1b1")
    assert plot(once, "") == plot(again, "")
    assert plot(once, "x-") == (
        '<svg><path id="x-m1"/><use xlink:href="#x-m1"/><clipPath id="x-p2"/>'
        '<image id="x-image3"/></svg>'
    )
