"""The report's figures as they stand in a folder: pictures, words and numbers."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import NamedTuple

from ..figures import FIGURES
from ..record.files import read_file

#: What would end the address of a picture or its attribute, or be dropped from it.
_CODED = {ord(character): f"%{ord(character):02X}" for character in "%#\"'<>&\t\r"}


class Picture(NamedTuple):
    """A figure of the report."""

    name: str
    question: str
    alt: str
    address: str  # the picture itself
    csv: str  # the numbers drawn


def read_pictures(folder: Path) -> list[Picture]:
    """Read every figure of the report from a folder.

    Raises
    ------
    FileNotFoundError
        If one is missing; the message names the command.
    """
    try:
        return [_picture(folder / figure.name, figure.question) for figure in FIGURES]
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{error.filename} is missing: run `make figures`") from None


def _picture(stem: Path, question: str) -> Picture:
    svg, csv = (read_file(stem.with_suffix(end)).decode() for end in (".svg", ".csv"))
    words = re.search(r'<desc id="desc">(.*?)</desc>', svg, flags=re.DOTALL)
    alt = html.unescape(words[1]) if words else question
    return Picture(stem.name, question, alt, as_address(svg), csv)


def as_address(svg: str) -> str:
    """Return an SVG as an address that holds it, between double quotes of an attribute.

    Examples
    --------
    >>> as_address("<svg/>")
    'data:image/svg+xml,%3Csvg/%3E'
    """
    return f"data:image/svg+xml,{' '.join(svg.split(chr(10))).strip().translate(_CODED)}"
