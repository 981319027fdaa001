"""An archive of any kind under the same names, as one Ibis expression."""

from __future__ import annotations

from typing import Any

import ibis

from .kinds import Kind
from .reading import GOLDSTEIN_SIGNS, QUAD_CLASSES, Reading


def one_layout(archive: Any, kind: Kind, reading: Reading) -> Any:
    """Return an archive of any kind under the same names."""

    def column(name: str, otherwise: Any) -> Any:
        there = kind.means.get(name)
        return archive[there] if there in archive.columns else otherwise

    def day(value: Any) -> Any:
        # a time is of UTC: nine hours later it is Korean
        timed = value.type().is_timestamp() and name_of_day != kind.means["day"]
        return (value + ibis.interval(hours=9) if timed else value).cast("date")

    happened = archive[kind.means["day"]].cast("date")
    name_of_day = kind.means.get("reported", kind.means["day"])
    reported = day(archive[name_of_day])
    root = column("root_code", column("action", ibis.null("string")).cast("string")[0:2]).try_cast(
        "int64"
    )
    quad = column("quad_class", 1 + sum((root > edge).cast("int64") for edge in (5, 8, 13)))
    document = column("document", ibis.null("string")).cast("string")
    deed = [column(name, ibis.literal("")).cast("string").fill_null("")
            for name in ("actor1", "actor2", "action", "place")]  # fmt: skip
    words = {"documents": ibis.coalesce(document, ibis.literal("|").join(deed))}
    words["events"] = ibis.literal("|").join(
        [archive[kind.means["event"]].cast("string"), happened.cast("string"), *deed[:3]]
    )
    written = archive["unit"] if "unit" in archive.columns else words["documents"]
    goldstein = column("goldstein", ibis.null("float64")).cast("float64")
    return archive.select(
        day=reported if reading.dated == "report" else happened,
        happened=happened,
        reported=reported,
        source=column("source", None),
        target=column("target", None),
        root=column("root", ibis.literal(1)),
        precise=column("day_precision", ibis.literal(1)),
        code=root,
        unit=words["events"] if reading.unit == "events" else written,
        bare=document.isnull().cast("int64"),
        label=_label(reading.by, kind, root, quad, goldstein),
        goldstein=goldstein,
        tone=column("tone", ibis.null("float64")).cast("float64"),
    )


def _label(by: str, kind: Kind, root: Any, quad: Any, goldstein: Any) -> Any:
    """Return the class of each row; raise where an archive has no such classes."""
    if by not in kind.classes:
        raise ValueError(f"this archive has no {by}: expected {' or '.join(kind.classes)}")
    if by == "root_code":
        return root.cast("string").lpad(2, "0")
    if by == "goldstein":
        return ibis.cases(
            (goldstein < 0, GOLDSTEIN_SIGNS[0]),
            (goldstein > 0, GOLDSTEIN_SIGNS[2]),
            else_=GOLDSTEIN_SIGNS[1],
        )
    if "root_code" not in kind.classes:  # what it records is fatal violence alone
        return ibis.literal(QUAD_CLASSES[4])
    return ibis.cases(*((quad == number, name) for number, name in QUAD_CLASSES.items()))
