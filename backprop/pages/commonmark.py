r"""Markdown as anybody writes it: on GitHub, with Jekyll, Quarto, Sphinx, for slides, for notes.

It is parsed by markdown-it with its plugins for formulas. Other syntax (directives, roles, Liquid
tags, `\\(...\\)`) is first replaced by what the plugins know, character for character, so that all
places stay the same: formulas get dollars, and what has no text becomes blank. A dollar that
belongs to no formula, such as that of a price, becomes a mark.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar
from mdit_py_plugins.footnote import footnote_plugin

from backprop.pages.marking import ESCAPED, RAW
from backprop.pages.page import Fault
from backprop.pages.places import UnreadableError
from backprop.pages.rendering import Fence, Rendered
from backprop.pages.seen import SHOWN_NAMES

INVISIBLE = "\u200b"  # takes a place, shows nothing, and is no space
DOLLAR = ESCAPED["$"]
MOST_OPENINGS = 20_000  # of formulas and tags: from each, its end is looked for

FENCE = re.compile(
    r"(?P<prefix>[ \t>]*(?:(?:[-*+]|\d+\.)[ \t]+)?)(?P<mark>`{3,}|~{3,}|:{3,})(?P<info>[^`\r\n]*)"
)
DIRECTIVE = re.compile(r"[ \t]*\{(?P<name>\w[\w:.+-]*)\}(?P<title>.*)")
MATH = re.compile(r"[ \t]*(?:math|\{math\})[ \t]*")
CODE = frozenset(  # directives whose inside is code or names of files; that of others is Markdown
    re.findall(
        r"\S+",
        "altair asy autosummary awk bash bibtex c c++ cat code code-block code-cell console cpp"
        " csharp css d2 diff digraph doctest dot fortran go graph graphviz haskell html ipython"
        " ipython3 java javascript js json julia jupyter-execute kotlin latex literalinclude lua"
        " matlab mermaid node octave ojs perl php plantuml plot powershell prompt pyodide-python"
        " python python3 r raw rcpp ruby rust sas scala sh shell shinylive-python shinylive-r"
        " sourcecode sql stan stata svg swift testcode testoutput testsetup tex text tikz toctree"
        " toml typescript typst uml verbatim webr-r xml yaml zsh",
    )
)
FILE = re.compile(r"\A\s*\S+\.[A-Za-z]\w*\s*\Z")
OPTION = re.compile(r"[ \t>]*(?P<colon>:?)(?P<name>[\w-]+):(?!\S)[ \t]*(?P<value>.*)")
YAML = "---"  # stands before and after options that are YAML
SHOWN_OPTIONS = frozenset(("alt", "caption", "header", "subtitle", "title"))
VALUE = re.compile(
    rf"""(?:(?<![\w-])(?P<name>{"|".join(SHOWN_NAMES)})\s*=\s*|(?<=\s))
    (?P<quote>["'`])(?P<value>.*?)(?P=quote)""",
    re.VERBOSE,
)
ADDRESS = re.compile(r"[^\s/]*+/\S*+|\S+\.[A-Za-z]\w*")
MODULE = re.compile(r"(?:import|export)\b")
OPENING = re.compile(r"\$|\\[(\[]|\\begin|<!--|\{[%{]|<(?:script|style|pre|code)")

LINES = r"(?:[^\n]|\n(?![ \t>]*\r?(?:\n|\Z)))"  # without a blank one between them
FORMULA_FORMS: Sequence[tuple[str, str, str, bool]] = (
    # opening, formula, closing, and whether it stands on lines of its own
    (r"\{math\}(?P<ticks>`+)", LINES + r"{1,2000}?", r"(?P=ticks)", False),
    (r"\$`", r"[^`]{1,2000}?", r"`\$", False),
    (r"`\$\$", r"[^`]{1,2000}?", r"\$\$`", True),
    (r"\\\\\[", r".{1,10000}?", r"\\\\\]", True),
    (r"\\\\\(", LINES + r"{1,2000}?", r"\\\\\)", False),
    (r"(?<!\\)\\\[", r".{1,10000}?", r"\\\]", True),
    (r"(?<!\\)\\\(", LINES + r"{1,2000}?", r"\\\)", False),
    (r"\$\$", r".{1,10000}?", r"\$\$", True),
    (r"\$(?=[^\s$])", rf"(?:(?!\$){LINES}){{1,2000}}?", r"(?<=[^\s\\])\$", False),
    (r"\$(?=\s)", rf"(?:(?!\$){LINES}){{1,2000}}?", r"(?<=\s)\$", False),
    (r"\$(?=[ \t]*[\\A-Za-z])", r"[^$\n]{1,200}", r"\$(?![\w$])", False),  # a space at one end
)
MONEY = r"""(?<=[A-Z])\$(?=\d)
    | \$(?=\d[\d,]*(?:\.\d+)?(?:[kKMB]|bn)?
        (?:[.,;:!?)]+(?=\s+[A-Za-z(*]|\s*$)
        | (?=\s+(?:[A-Za-z]{2,}|a|\()(?![_^{(]))
        | (?=/[a-z]|[-\u2013]\$?\d|\+?\s*(?:$|\|))))
    | (?<=\d)\$(?=[\s.,;:)])"""
"""A dollar of a price, recognized by the characters next to it."""
INLINE = re.compile(
    r"""(?P<kept><!--.*?--> | <(?P<tag>script|style|pre|code)\b.{0,20000}?</(?P=tag)\s*>
        | \\begin\{(?P<name>[a-zA-Z]+\*?)\}.{0,10000}?\\end\{(?P=name)\})
    | (?P<tagged>\{%[^\n]*?%\} | \{\{[<%][^\n]*?[>%]\}\}
        | \{[#.:][ ]?[A-Za-z][^{}\n\\$]*\} | (?<=[)`])\{[^{}\n\\$]*\})
    | (?P<gone>\{/\*.{0,5000}?\*/\} | %%.{1,5000}?%%
        | (?<=!\[)(?:(?:bg|fit|cover|contain|left|right|vertical|auto|w|h|width|height|blur)
            (?::[\d.]+(?:%|px|cm|mm|in|em)?)?[ ]?)+(?=\]))
    | (?P<money>\\\$"""
    f" | {MONEY})"
    + "".join(
        f" | (?P<open{k}>{opening})(?P<body{k}>{body})(?P<close{k}>{closing})"
        for k, (opening, body, closing, _) in enumerate(FORMULA_FORMS)
    )
    + r" | (?P<code>(?<!`)(?P<quote>`+)(?!`)(?:(?!\n[ \t]*\n).){1,2000}?(?<!`)(?P=quote)(?!`))"
    + r" | (?P<stray>\$\$?)",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
MATHY = re.compile(r"[\\_^=<>+*/\d\u2248]|\A\s*\S{1,3}\s*\Z")
SIGNS = re.compile(r"[\\_^=<>]")
PLAIN = re.compile(r"[A-Za-z]{2,}")  # a word: $ 5 or $6
WORDS = re.compile(r"\\(?:text|mbox|mathrm|textrm|textit|tag|label)\{[^{}]*\}")
PROSE = re.compile(r"[A-Za-z]{2,}[,;.]?\s+[a-z]{2,}\s+[a-z]{2,}|^#{1,6} ", re.MULTILINE)
BLANK_LINE = re.compile(r"\r?\n(?=[ \t]*\r?\n)")
HTML_FORMULA = re.compile(
    r"(?P<kept><!--.*?-->|<(?P<tag>script|style|pre|code)\b.*?</(?P=tag)\s*>)"
    r"|\$\$(?P<display>.+?)\$\$|\$(?P<inline>[^$]+?)\$",
    re.DOTALL,
)
UNCLOSED = {
    "$$": "unclosed $$: a formula on lines of its own stands between two",
    "$": r"$ without its partner: a formula stands between two; a dollar is written \$",
}


class _Open(NamedTuple):
    """An open fence: its mark, the kind of its content, and its place."""

    mark: str
    kind: str
    place: int


def prepared(text: str, start: int, *, modules: bool) -> tuple[str, list[Fault]]:
    """Replace syntax beyond CommonMark by what the plugins know, keeping all places.

    Args:
        text: the page.
        start: where its front matter ends.
        modules: whether it may import and export, as MDX does.

    Returns:
        The page for markdown-it, and the faults in its layout.

    Raises:
        UnreadableError: there are too many formulas and tags on it.
    """
    if (openings := sum(1 for _ in OPENING.finditer(text, start))) > MOST_OPENINGS:
        came = f"{openings:,} formulas and tags came"
        raise UnreadableError(start, f"{came}, expected {MOST_OPENINGS:,} at most")
    faults: list[Fault] = []
    pieces, place = [text[:start]], start
    lines = _without_fences(text[start:], start, faults, modules=modules)
    for verbatim, group in groupby(lines, key=itemgetter(1)):
        piece = "".join(line for line, _ in group)
        pieces.append(piece if verbatim else _without_forms(piece, place, faults))
        place += len(piece)
    return "".join(pieces), faults


def _without_fences(
    text: str, place: int, faults: list[Fault], *, modules: bool
) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it is code; fences of formulas and directives are replaced."""
    fences: list[_Open] = []
    options, module = "", False
    for line in text.splitlines(keepends=True):
        match, top = FENCE.match(line), fences[-1] if fences else None
        module = (
            modules and not top and (bool(MODULE.match(line)) or (module and bool(line.strip())))
        )
        closes = top and match and match["mark"].startswith(top.mark) and not match["info"].strip()
        if module:
            yield _blank(line), True
        elif top and closes:
            fences.pop()
            yield _closed(line, match, top), top.kind == "code"  # type: ignore[arg-type]
        elif top and top.kind == "code":
            yield line, True
        elif options and not match and (option := _option(line, options)):
            shown, options = option
            yield shown, False
            place += len(line)
            continue
        elif match and not (top and top.kind == "math"):
            opened, new = _opened(line, match, place)
            fences += [opened] if opened else []
            yield new, bool(opened and opened.kind == "code")
        else:
            yield line, False
        options = ":" if match and DIRECTIVE.fullmatch(match["info"]) else ""
        place += len(line)
    unclosed = (each for each in fences if each.kind != "text")
    faults += [
        Fault(0, each.place, each.place + 1, f"{each.mark} is not closed") for each in unclosed
    ]


def _opened(line: str, match: re.Match[str], place: int) -> tuple[_Open | None, str]:
    """Return the fence that a line opens, if any, and the line that replaces it."""
    mark, info, at = match["mark"], match["info"], match.start("mark")
    directive = DIRECTIVE.fullmatch(info)
    if MATH.fullmatch(info):
        return _Open(mark, "math", place), line[:at] + "$$" + _blank(line[at + 2 :])
    if not directive and mark[0] == ":":
        title = re.sub(r"\A[ \t]*[\w-]+", _blank_match, info)
        title = re.sub(r"\{[^{}]*\}?", lambda tag: _values(tag[0]) or _blank_match(tag), title)
        return None, line[:at] + _titled(mark, title) + line[match.end() :]
    if not directive or directive["name"].rpartition(":")[2] in CODE:
        return _Open(mark, "code", place), _ticked(line, match)
    title = FILE.sub(_blank_match, directive["title"])
    title = _titled(mark + info[: directive.start("title")], title)
    opened = None if mark[0] == ":" else _Open(mark, "text", place)
    return opened, line[:at] + title + line[match.end() :]


def _ticked(line: str, match: re.Match[str]) -> str:
    """Return a line with the fence of code that Markdown knows."""
    start, end = match.span("mark")
    return line[:start] + match["mark"].replace(":", "`") + line[end:]


def _option(line: str, form: str) -> tuple[str, str] | None:
    """Return what a directive's option shows and the form of the next; None for another line.

    Options are lines `:name: value`, or YAML between two lines `---`.
    """
    if line.strip("> \t\r\n") == YAML:
        return _blank(line), "" if form == YAML else YAML
    match = OPTION.match(line)
    if not match or bool(match["colon"]) == (form == YAML):
        return (line, form) if form == YAML else None
    start, value = match.start("colon"), match.start("value")
    if match["name"] not in SHOWN_OPTIONS:
        return line[:start] + _blank(line[start:]), form
    return line[:start] + INVISIBLE * (value - start) + line[value:], form


def _titled(mark: str, title: str) -> str:
    """Return a title after invisible characters, or blanks where there is none."""
    return (INVISIBLE if title.strip() else " ") * len(mark) + title


def _closed(line: str, match: re.Match[str], fence: _Open) -> str:
    at = match.start("mark")
    if fence.kind == "code":
        return _ticked(line, match)
    return line[:at] + ("$$" if fence.kind == "math" else "  ") + _blank(line[at + 2 :])


def _without_forms(text: str, place: int, faults: list[Fault]) -> str:
    """Write each formula between dollars, and mark all other dollars."""

    def written(match: re.Match[str]) -> str:
        if match["kept"] or match["code"]:
            return match[0]
        if match["tagged"] and (values := _values(match[0])):
            return _without_forms(values, place + match.start(), faults)
        if match["gone"] or match["tagged"]:
            return _invisible(match)
        if match["money"]:
            return DOLLAR.rjust(len(match[0]), INVISIBLE)
        if match["stray"]:
            return _stray(match, place, faults)
        k = next(k for k in range(len(FORMULA_FORMS)) if match[f"open{k}"])
        return _formula(match, k, place, faults)

    pieces, position = [], 0
    while match := INLINE.search(text, position):
        new = written(match)
        pieces += [text[position : match.start()], new]
        position = match.start() + len(new)
    return "".join([*pieces, text[position:]])


def _formula(match: re.Match[str], k: int, place: int, faults: list[Fault]) -> str:
    """Return a formula between dollars, or only the opening of what is no formula."""
    opening, body, closing = match[f"open{k}"], match[f"body{k}"], match[f"close{k}"]
    display = FORMULA_FORMS[k][3]
    said = WORDS.sub("", body)
    blank = bool(BLANK_LINE.search(body))
    if PROSE.search(said) and (blank or not display or opening == "$$"):
        if opening[0] == "$":
            return _stray(match, place, faults, opening)
        return opening
    spaced = opening == "$" and body[0].isspace()
    plain = spaced and PLAIN.search(said) and not SIGNS.search(said)
    if plain or (not MATHY.search(said) and (opening == "\\[" or spaced)):
        return opening if opening != "$" else DOLLAR
    body = BLANK_LINE.sub(_blank_match, body.replace("\\\\\\\\", "\\\\  "))
    body = re.sub(r"(?<!\\)\\([_*])", r" \1", body)
    sign = "$$" if display else "$"
    filling = " " if display else INVISIBLE
    return sign.rjust(len(opening), filling) + body + sign.ljust(len(closing), filling)


def _stray(match: re.Match[str], place: int, faults: list[Fault], dollars: str = "") -> str:
    """Mark dollars without a partner; they are a fault where a formula seems to follow."""
    said = dollars or match["stray"]
    line = match.string[match.start() + len(said) :].split("\n", 1)[0]
    if said == "$$" or re.match(r"\s?[^$]{0,40}?[\\_^=]", line):
        at = place + match.start()
        faults.append(Fault(0, at, at + 1, UNCLOSED[said]))
    return DOLLAR * len(said)


def _invisible(match: re.Match[str]) -> str:
    """Return blanks, or other invisible characters where blanks would indent a text."""
    text, start, end = match.string, match.start(), match.end()
    before = text[text.rfind("\n", 0, start) + 1 : start]
    after = text[end:].partition("\n")[0]
    if before.strip() or not after.strip():
        return _blank(match[0])
    return re.sub(r"[^\r\n]", INVISIBLE, match[0])


def _values(tag: str) -> str:
    """Return the values in a tag that are shown, such as captions, each in its place; else nothing.

    A shortcode of Hugo shows its values without a name, too, unless they are addresses.
    """
    pieces, position = [], 0
    for match in VALUE.finditer(tag):
        if match["name"] or (tag.startswith("{{") and not ADDRESS.fullmatch(match["value"])):
            start, end = match.span("value")
            pieces += [INVISIBLE * (start - 1 - position), " ", match["value"], " "]
            position = end + 1
    return "".join([*pieces, INVISIBLE * (len(tag) - position)]) if pieces else ""


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


def _blank_match(match: re.Match[str]) -> str:
    return " " * len(match[0])


class _Renderer(RendererHTML):
    """Renders formulas, fences and raw HTML so that their places can be found."""

    def renderInlineAsText(  # noqa: N802 - markdown-it's name
        self,
        tokens: Sequence[Token] | None,
        options: Any,  # noqa: ANN401
        env: Any,  # noqa: ANN401
    ) -> str:
        for token in tokens or []:
            if token.type == "math_inline":
                token.type, token.content = "text", f"\\({token.content}\\)"
        return super().renderInlineAsText(tokens, options, env)

    def math_inline(self, tokens: Sequence[Token], k: int, *_: Any) -> str:  # noqa: ANN401
        return _inline(escapeHtml(tokens[k].content))

    def math_block(self, tokens: Sequence[Token], k: int, *_: Any) -> str:  # noqa: ANN401
        return _display(escapeHtml(tokens[k].content))

    math_inline_double = math_block_label = amsmath = math_block

    def fence(self, tokens: Sequence[Token], k: int, _: Any, env: Any) -> str:  # noqa: ANN401
        fences: list[Fence] = env["fences"]
        token = tokens[k]
        first, stop = token.map or (0, 0)
        language = re.sub(r"^\{\.?|[},:].*", "", token.info.strip().split(" ")[0])
        fences.append(Fence(first, stop, language, token.content))
        return f'<pre data-fence="{len(fences) - 1}"></pre>\n'

    def html_block(self, tokens: Sequence[Token], k: int, *_: Any) -> str:  # noqa: ANN401
        return HTML_FORMULA.sub(_in_html, tokens[k].content)


def _inline(latex: str) -> str:
    return f'<span class="arithmatex">\\({latex}\\)</span>'


def _display(latex: str) -> str:
    return f'<div class="arithmatex">\\[{latex}\\]</div>\n'


def _in_html(match: re.Match[str]) -> str:
    if match["kept"]:
        return re.sub(r"^(<pre[^>]*>)", rf"\1{RAW}", match[0], flags=re.IGNORECASE)
    return _display(match["display"]) if match["display"] else _inline(match["inline"])


def _interrupting(rule: Callable[[StateBlock, int, int, bool], bool]) -> Any:  # noqa: ANN401
    """Return a rule for blocks that can also end a paragraph."""

    def asked(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
        tokens, line = len(state.tokens), state.line
        found = rule(state, start, end, silent)
        if silent:
            del state.tokens[tokens:]
            state.line = line
        return found

    return asked


@cache
def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": 10_000}, renderer_cls=_Renderer)
    md.enable(["table", "strikethrough"])
    dollarmath_plugin(md, allow_blank_lines=False, double_inline=True)
    ends: Any = {"alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]}
    rule = _interrupting(math_block_dollar(allow_labels=True, allow_blank_lines=False))
    md.block.ruler.at("math_block", rule, ends)
    for plugin in (amsmath_plugin, footnote_plugin, admon_plugin):
        md.use(plugin)
    for name in ("math_inline", "math_inline_double", "math_block", "math_block_label", "amsmath"):
        md.renderer.rules[name] = getattr(md.renderer, name)  # type: ignore[attr-defined]
    for each in ("normalizeLink", "normalizeLinkText"):
        setattr(md, each, str)  # marks stay
    return md


def render(text: str) -> Rendered:
    """Render a prepared page with markdown-it."""
    env: dict[str, Any] = {"fences": []}
    html = _markdown().render(text, env)
    titles = [str(each["title"]) for each in env.get("references", {}).values() if each["title"]]
    return Rendered(html, env["fences"], titles=titles)
