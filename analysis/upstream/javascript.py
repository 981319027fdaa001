"""The list of records that a page carries as a JavaScript literal -> Python, nothing evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .files import refuse

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)
    |(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,15})?)
    |(?P<name>[A-Za-z_$][\w$]{0,99})
    |(?P<mark>[\[\]{},:])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "\n": ""}
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}

Token = tuple[str, Any, int]


def find_records(content: str) -> int:
    """Return where the literal begins, after ``RECORDS =``; -1 if there is none.

    Examples
    --------
    >>> find_records("const RECORDS = [ {date:'2022-11-09'} ];"), find_records("date,type")
    (16, -1)
    """
    found = re.search(r"\bRECORDS\s*=\s*(?=\[)", content)
    return found.end() if found else -1


def parse_records(content: str, start: int, file: str) -> list[dict[str, Any]]:
    r"""Parse a list of records of plain values.

    Parameters
    ----------
    content : str
        The page, or the literal alone.
    start : int
        Where its opening bracket stands.
    file : str
        Named in errors.

    Returns
    -------
    list of dict
        The records.

    Raises
    ------
    RecordError
        A ValueError with the line where the literal is broken or cut off.

    Examples
    --------
    >>> parse_records(r"[{date:'2022-11-09', desc:'Kim\'s \u201ctest\u201d', n:3},]", 0, "page")
    [{'date': '2022-11-09', 'desc': "Kim's “test”", 'n': 3.0}]
    """
    tokens = _tokens(content, start, file)

    def take(expected: str, *kinds: str) -> Token:
        token = next(tokens, ("end", "the end of the file", len(content)))
        if token[0] not in kinds:
            line = content.count("\n", 0, token[2]) + 1
            raise refuse(file, str(token[1])[:40], f"{expected}; truncated?", line=line)
        return token

    records: list[dict[str, Any]] = []
    take("a list of records", "[")
    while take("a record or the end of the list", "{", "]")[0] == "{":
        record: dict[str, Any] = {}
        while (token := take("a name or the end of the record", "name", "string", "}"))[0] != "}":
            take("a colon", ":")
            value = take("a plain value", "string", "number", "name")
            if value[0] == "name" and value[1] not in _WORDS:
                raise refuse(file, value[1], "a plain value", column=token[1])
            if token[1] in record:
                raise refuse(file, token[1], "each name once in a record", column=token[1])
            record[token[1]] = _WORDS[value[1]] if value[0] == "name" else value[1]
            if take("a comma or the end of the record", ",", "}")[0] == "}":
                break
        records.append(record)
        if take("a comma or the end of the list", ",", "]")[0] == "]":
            break
    return records


def _tokens(content: str, at: int, file: str) -> Iterator[Token]:
    while at < len(content):
        found = _TOKEN.match(content, at)
        if not found:
            line = content.count("\n", 0, at) + 1
            raise refuse(file, content[at : at + 40], "a JavaScript literal; truncated?", line=line)
        kind, raw = str(found.lastgroup), found[0]
        if kind == "string":
            yield kind, _ESCAPE.sub(_unescape, raw[1:-1]), at
        elif kind == "number":
            yield kind, float(raw), at
        elif kind != "space":
            yield (raw if kind == "mark" else kind), raw, at
        at = found.end()


def _unescape(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPED.get(code, code)
