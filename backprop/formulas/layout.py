r"""Blank out what only lays out or decorates a formula, so that the grammar need not know it.

Every character that stays keeps its place. The passes stand in one table, in their order; the
columns of an alignment come last.
"""

import re
from collections.abc import Callable

GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"  # braces, up to three deep
_FONTS = r"mathbf|boldsymbol|bm|textbf|mathrm|text|textrm|mathit"
_NUMBER = r"(?:[0-9]+(?:(?:,|\{,\})[0-9]+)*(?:\.[0-9]+)?|\.[0-9]+)"
_ABOUT_EQUAL = r"(?:=|\\(?:approx|simeq|cong|approxeq)(?![A-Za-z]))"
RELATION = r"(?:=|<|>|\\(?:approx|simeq|equiv|[lg]eq?|neq?|[lg]t)(?![A-Za-z]))"
_STATES = re.compile(rf"[^&]*&?\s*(?:{_ABOUT_EQUAL}|:=)")
_INDEX = re.compile(r"_\s*(?:\{[\w,()\\ ]*\}|\w)|(?<=[A-Za-z])\d+")

Replace = Callable[[re.Match[str]], str]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _only_body(match: re.Match[str], body: str) -> str:
    """Return a match with all blanked but its body."""
    start, end = (at - match.start() for at in match.span("body"))
    return " " * start + body + " " * (len(match[0]) - end)


def _brace(match: re.Match[str]) -> str:
    """Blank the command and the words of a brace below or above a part, which stays a group.

    The words may be names with their indices; numbers and equations say more than words do.
    """
    says_more = re.search(r"[\d=]", _INDEX.sub("", match["words"] or ""))
    return match[0] if says_more else _only_body(match, match["body"])


def _rows(match: re.Match[str]) -> str:
    """Blank the environment around rows that each state something, not a matrix or a choice."""
    rows = [row for row in match["body"].split(r"\\") if row.strip()]
    if not rows or not all(_STATES.match(row) for row in rows):
        return match[0]
    first = rf"&(?=\s*(?:{_ABOUT_EQUAL}|:=)\s*&)"
    return _only_body(match, re.sub(first, " ", match["body"]))


def _statement(match: re.Match[str]) -> str:
    """Blank the braces around an equation."""
    states = re.search(_ABOUT_EQUAL, match["body"])
    return _only_body(match, match["body"]) if states else match[0]


def _spacing(match: re.Match[str]) -> str:
    r"""Blank a size or a space; of a row break with a space after it, `\\[1ex]`, the space only."""
    return (match["row"] or "").ljust(len(match[0]))


PASSES: dict[str, tuple[re.Pattern[str], Replace]] = {
    "colors": (re.compile(r"\\(?:text)?color\s*(?:\[[^\]]*\])?\{[^{}]*\}"), _blank),
    "labels": (
        re.compile(
            r"\\(?:tag\*?\s*\{[^{}=]*\}|label\s*\{[^{}]*\})|\\(?:nonumber|notag)(?![A-Za-z])"
        ),
        _blank,
    ),
    "frames": (re.compile(r"\\(?:boxed|fbox|underline)(?=\s*\{)"), _blank),
    "bold and upright numbers": (
        re.compile(rf"\\(?:{_FONTS})(?=\s*\{{\s*[-+\u2212]?\s*{_NUMBER}\s*\}})"),
        _blank,
    ),
    "relations at the end of a row and at the beginning of the next": (
        re.compile(rf"{_ABOUT_EQUAL}(?=[\s&]*(?:\\\\[\s&]*)+{_ABOUT_EQUAL})"),
        _blank,
    ),
    "empty rows": (re.compile(r"\\\\(?=\s*\\\\)"), _blank),
    "sizes, spaces and environments": (
        re.compile(
            r"(?P<row>\\\\)(?:\[[^\]\n]*\])?"  # first of all: \\, is a new row and no thin space
            r"|\\(?:left|right|(?:display|text|script)style|limits|[lL]arge|small|hline|strut"
            r"|[bB]igg?[lrm]?)(?![A-Za-z])"
            r"|\\[,:;!> ]|~"
            r"|\\(?:begin|end)\{(?:(?:align|gather)(?:ed)?|equation|multline|split)\*?\}"
            r"|\\begin\{align(?:ed)?at\*?\}\s*\{\d*\}|\\end\{align(?:ed)?at\*?\}"
        ),
        _spacing,
    ),
    "spaces of a given size": (
        re.compile(r"\\[hv]space\*?\{[^{}]*\}|\\[hv]?phantom\s*\{[^{}]*\}"),
        _blank,
    ),
    "braces below and above": (
        re.compile(
            rf"\\(?:under|over)brace\s*(?P<body>{GROUP})(?P<words>\s*[_^]\s*{GROUP})?(?!\s*[_^])"
        ),
        _brace,
    ),
    "rows that each state something": (
        re.compile(
            r"\\begin\{(?:array\}\s*\{[lcr|\s]*|eqnarray\*?|cases)\}"
            r"(?P<body>(?:(?!\\begin).)*?)\\end\{(?:array|eqnarray\*?|cases)\}",
            re.DOTALL,
        ),
        _rows,
    ),
    "braces around an equation": (
        re.compile(rf"(?<![}}_^A-Za-z])\{{(?P<body>(?:[^{{}}]|{GROUP})*)\}}(?!\s*[_^{{'])"),
        _statement,
    ),
    "row breaks behind an operator": (
        re.compile(
            r"(?P<body>[-+*]|\\(?:times|cdot|odot)(?![A-Za-z]))[\s&]*\\\\"
            r"(?:[\s&]|\\q?quad(?![A-Za-z]))*"
        ),
        lambda match: _only_body(match, match["body"]),
    ),
    "indents": (re.compile(r"(?:^|(?<=\\\\))([\s&]*)\\q?quad(?![A-Za-z])"), _blank),
}
"""What is blanked out, by its name, with how."""

_MATRIX = (  # what begins and does not end is no matrix, and is not looked through twice
    r"(?P<matrix>\\begin\{[pbB]?matrix\}(?:(?!\\begin).)*?\\end\{[pbB]?matrix\})"
)
_COLUMN = re.compile(rf"{_MATRIX}|(?P<relation>&[\s&]*(?={RELATION}))|&|\\\\", re.DOTALL)
_ALIGNMENT = re.compile(
    # A row that goes on with a relation or an operator belongs to the row before. With a
    # sign it does so only where no relation is aligned in it: -a &= b is a row of its own.
    rf"{_MATRIX}|&|\\\\(?=[\s&]*(?:{RELATION}|\*|\\(?:times|cdot|odot)(?![A-Za-z])"
    rf"|[+-](?!(?:(?!\\\\)[^&])*&\s*{RELATION})))",
    re.DOTALL,
)


def blanked(source: str) -> str:
    """Blank out the layout of a formula; all other characters keep their places."""
    for pattern, replace in PASSES.values():
        source = pattern.sub(replace, source)
    return _ALIGNMENT.sub(lambda match: match["matrix"] or _blank(match), _separated(source))


def _separated(source: str) -> str:
    """Separate the pairs of columns in each row of an align: a &= b & c &= d is two formulas."""
    count = 0

    def column(match: re.Match[str]) -> str:
        nonlocal count
        if match["relation"]:  # as in a &= b &= c, which is one formula
            count += match[0].count("&")
            return match[0]
        count = count + 1 if match[0] == "&" else count * (match[0] != r"\\")
        return ";" if match[0] == "&" and count % 2 == 0 else match[0]

    return _COLUMN.sub(column, source)
