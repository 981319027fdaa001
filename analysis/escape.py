"""Text from data, made plain for where it is put: a terminal, HTML, Markdown, a spreadsheet."""

from __future__ import annotations

import html
import json
import re

#: Characters that steer a terminal, turn the order of letters or are no text at all.
_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    r"\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: What opens mathematics in a notebook. An element around it parts it from its other half, and
#: the entity hides it from those who look for mathematics before they read Markdown.
_MATH = {ord(character): f"<span>&#{ord(character)};</span>" for character in "$\\"}
#: What means something in Markdown, wherever it stands.
_MARKS = {ord(character): f"&#{ord(character)};" for character in "`*_[]|~#<>"}
#: What makes a link of an address by itself.
_WEB_ADDRESS = re.compile(r"(\b(?:https?|ftp)(?=:)|\bwww(?=\.)|(?=@))([:.@])", re.IGNORECASE)
#: What could end a script, or what its reader takes for an end of line.
_NO_SCRIPT = re.compile(r"[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
#: A bracket that begins no link, or an image, or a link to something that a browser might run.
_NO_LINK = re.compile(r"(?<=!)\[|\[(?![^\[\]]*\]\((?:https?://[^\s()]+|[\w./#-]+)\))")


def for_terminal(text: object) -> str:
    r"""Return a line in which nothing steers a terminal: control characters by their number.

    Examples
    --------
    >>> print(for_terminal("32 \x1b[31mdays\u202e"))
    32 \x1b[31mdays\u202e
    """
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], str(text))


def for_html(text: object) -> str:
    """Return text as it reads in HTML, on one line, with no tag, entity or mathematics of its own.

    Examples
    --------
    >>> for_html("<b> & $x$")
    '&lt;b&gt; &amp; <span>&#36;</span>x<span>&#36;</span>'
    """
    return html.escape(_on_one_line(text)).translate(_MATH)


def for_attribute(text: object) -> str:
    """Return text as the value of an attribute in HTML, between either kind of quotes.

    Examples
    --------
    >>> for_attribute("it's <b>")
    'it&#x27;s &lt;b&gt;'
    """
    return html.escape(_on_one_line(text))


def for_script(value: object) -> str:
    r"""Return what JSON can hold, as it may stand between script tags of a page.

    Examples
    --------
    >>> for_script({"note": "</script>"})
    '{"note":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _NO_SCRIPT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def for_markdown(text: object) -> str:
    """Return text as it reads in Markdown, also in a cell of a table: on one line, nothing marked.

    Examples
    --------
    >>> for_markdown("5 | 7 <b>")
    '5 &#124; 7 &#60;b&#62;'
    """
    plain = _ENTITY.sub("&amp;", _on_one_line(text)).translate(_MATH | _MARKS)
    return _WEB_ADDRESS.sub(lambda found: f"{found[1]}&#{ord(found[2])};", plain)


def only_markdown(text: str) -> str:
    """Return Markdown as it stands, but without HTML, mathematics, images and links that run.

    Lists, quotations, emphasis, code and links to pages stay.

    Examples
    --------
    >>> only_markdown("**32** <b>days</b>")
    '**32** &lt;b>days&lt;/b>'
    """
    plain = _NO_LINK.sub("&#91;", _ENTITY.sub("&amp;", text).replace("<", "&lt;"))
    lines = re.split(r"\r\n|[\n\r]", plain.replace("\t", "    "))
    return "\n".join(map(for_terminal, lines)).translate(_MATH)


def is_formula(cell: object) -> bool:
    """Whether a spreadsheet would run a cell instead of showing it.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("1=1"), is_formula(-1)
    (True, False, False)
    """
    return isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def _on_one_line(text: object) -> str:
    return for_terminal(" ".join(str(text).split(None)))
