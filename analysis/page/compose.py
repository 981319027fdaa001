"""The page: a frame of HTML into which tables, curves, maps and figures are put."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import pandas as pd

from ..counting import describe_count
from ..escape import for_attribute, for_script
from ..record.load import last_day, load_launches
from ..record.schema import DATA_VERSION
from . import geography
from .curves import all_rules
from .packed import packed
from .pictures import Picture

_ASSETS = files(__package__) / "assets"
#: In the order in which they run.
SCRIPTS = ("base", "count", "records", "places", "cite", "start")
#: The rule that the page opens on.
OPENING_RULE = "cnn"


def compose(cells: Mapping[str, pd.DataFrame], pictures: Sequence[Picture]) -> str:
    """Return the whole page.

    Parameters
    ----------
    cells : mapping of str to DataFrame
        The tables shown, as from `read_cells`.
    pictures : sequence of Picture
        The figures, as from `read_pictures`.

    Returns
    -------
    str
        HTML. It depends on nothing but the record, the figures and the code.
    """
    launches, last = load_launches(), last_day()
    style = _asset("page.css")
    script = "\n".join(_asset(f"{name}.js") for name in SCRIPTS)
    flights = geography.longest_flights(cells["launches"])
    data = {
        "version": DATA_VERSION,
        "last": f"{last:%Y-%m-%d}",
        "rule": OPENING_RULE,
        "tables": {name: packed(table) for name, table in cells.items()},
        "places": geography.site_places(cells["sites"]),
        "flights": flights,
        **all_rules(launches),
    }
    parts = {
        "policy": _policy(style, script),
        "style": style,
        "script": script,
        "data": for_script(data),
        "numbers": for_script({picture.name: picture.csv for picture in pictures}),
        "version": for_attribute(DATA_VERSION),
        "last_day": for_attribute(f"{last.day} {last:%B %Y}"),
        "last": for_attribute(f"{last:%Y-%m-%d}"),
        "year": for_attribute(last.year),
        "sentence": for_attribute(describe_count(launches, OPENING_RULE, as_of=last)),
        "rules": _rule_options(cells["rules"]),
        "years": _options(str(year) for year in range(last.year, 1983, -1)),
        "families": _options(_cells_as_words(cells["launches"]["family"])),
        "classes": _options(_cells_as_words(cells["launches"]["klass"])),
        "outcomes": _options(_cells_as_words(cells["launches"]["outcome"])),
        "categories": _options(cells["categories"]["category"], cells["categories"]["label"]),
        **_maps(flights),
        "figures": "".join(map(_figure, pictures)),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _asset("page.html"))


def _maps(flights: list[dict[str, Any]]) -> dict[str, str]:
    """Return what each map shows, and its box."""
    sheets = {"map_sites": geography.SITES, "map_near": geography.NEAR, "map_far": geography.FAR}
    shown = {
        name: geography.ground(sheet)
        + (geography.rings(sheet, flights) if sheet is not geography.SITES else "")
        for name, sheet in sheets.items()
    }
    return shown | {f"{name}_box": sheet.box for name, sheet in sheets.items()}


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """Return the content policy: nothing from anywhere, and of what stands here only this."""
    own = {"style-src": style, "script-src": script}
    hashes = {
        name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for name, text in own.items()
    }
    allowed = [f"{name} 'sha256-{digest}'" for name, digest in hashes.items()]
    rest = ["img-src data:", "base-uri 'none'", "form-action 'none'"]
    return "; ".join(["default-src 'none'", *allowed, *rest])


def _cells_as_words(cells: pd.Series) -> list[str]:
    return sorted({cell for cell in cells if cell})


def _options(values: Iterable[str], labels: Iterable[str] | None = None) -> str:
    """Return choices; a value without a label is its own, underscores read as spaces."""
    values = list(values)
    labels = [value.replace("_", " ") for value in values] if labels is None else labels
    return "".join(
        f'<option value="{for_attribute(value)}">{for_attribute(label)}</option>'
        for value, label in zip(values, labels, strict=True)
    )


def _rule_options(rules: pd.DataFrame) -> str:
    """Return the rules as choices: first those of outlets and agencies, then the plain ones."""
    cited = rules["cited"] != ""
    return "".join(
        f'<optgroup label="{label}">{_options(part["name"], part["label"])}</optgroup>'
        for label, part in (("As published by", rules[cited]), ("Plain", rules[~cited]))
    )


def _figure(picture: Picture) -> str:
    name, question = for_attribute(picture.name), for_attribute(picture.question)
    return f"""
<figure id="figure-{name}">
<figcaption>{question}</figcaption>
<img loading="lazy" alt="{for_attribute(picture.alt)}" src="{picture.address}">
<details data-figure="{name}">
<summary>In words and numbers<span class="unseen">: {question}</span></summary>
<p>{for_attribute(picture.alt)}</p></details>
</figure>"""
