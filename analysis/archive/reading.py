"""How an archive is read into a table of covariates: the choices, their words and their names."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import check_one_of, check_whole
from .kinds import Kind

#: Words for GDELT's QuadClass.
QUAD_CLASSES = {
    1: "verbal_cooperation",
    2: "material_cooperation",
    3: "verbal_conflict",
    4: "material_conflict",
}
GOLDSTEIN_SIGNS = ("conflict", "neutral", "cooperation")
CLASSES = {
    "quad_class": tuple(QUAD_CLASSES.values()),
    "root_code": tuple(f"{root:02d}" for root in range(1, 21)),
    "goldstein": GOLDSTEIN_SIGNS,
}
COUNTED = ("documents", "events", "rows")
DIRECTIONS = ("directed", "either")
DATED_BY = ("report", "event")
#: Articles that mention the last week, month or year had their events dated back by just that.
ECHO_DAYS = (7, 30, 365)
#: Root codes as which launches are coded: shows of force, assaults, fights, mass violence.
LAUNCH_CODES = (15, 18, 19, 20)


@dataclass(frozen=True)
class Reading:
    """The choices of a table of covariates, as they were made."""

    source: str
    target: str
    by: str
    direction: str
    unit: str
    root_only: bool
    dated: str
    echo_days: tuple[int, ...]
    launch_reports: bool
    lag: int

    def __post_init__(self) -> None:
        """Check the choices."""
        check_one_of("by", self.by, CLASSES)
        check_one_of("direction", self.direction, DIRECTIONS)
        check_one_of("unit", self.unit, COUNTED)
        check_one_of("dated", self.dated, DATED_BY)
        check_whole("lag", self.lag)
        for days in self.echo_days:
            check_whole("echo_days", days, least=1)


def how_counted(reading: Reading, kind: Kind, n_bare: int) -> str:
    """Say how a table was counted."""
    way = "towards" if reading.direction == "directed" else "and"
    dated = reading.dated if "reported" in kind.means else "event"
    words = [
        f"{reading.unit} of {reading.source} {way} {reading.target} by day of {dated}",
        f"{reading.lag} day(s) before",
        "what articles are about" if reading.root_only and "root" in kind.means else "all rows",
    ]
    if "reported" in kind.means and reading.echo_days:
        words.append(f"without rows dated back {', '.join(map(str, reading.echo_days))} days")
    if not reading.launch_reports:
        words.append("without documents that report North Korean force")
    if n_bare and reading.unit == "documents":
        words.append(f"{n_bare} of them without a document, told apart by actors, action and place")
    return "; ".join(words) + "."
