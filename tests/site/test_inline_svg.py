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
