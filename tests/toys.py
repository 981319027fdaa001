"""Made-up tables for tests, proofs and benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.record.salvo import derive_salvos


def toy_launches(
    when: Sequence[Any],
    missiles: Any = 1,
    family: Any = "ballistic",
    site: Any = "a",
    **columns: Any,
) -> pd.DataFrame:
    """Make one launch row of each Korean day ("2022-01-05") or instant ("2022-01-04T23:10Z").

    `missiles`, `family`, `site` and further columns hold one value for all rows or one for each;
    a column that is None is left out. Salvos are derived unless `salvo_id` is given.
    """
    date, launched_at = _days(when)
    frame = pd.DataFrame({"date": date})
    known: dict[str, Any] = {
        "launch_id": lambda: [f"row-{row:02d}" for row in range(len(frame))],
        "launched_at": launched_at,
        "date_precision": "day",
        "missiles": missiles,
        "missiles_exact": True,
        "klass": "SRBM",
        "family": family,
        "site": site,
        "outcome": "unknown",
        "salvo_id": lambda: derive_salvos(frame),
    }
    for name, value in (known | columns).items():
        if value is not None:
            frame[name] = value() if callable(value) else value
    return frame


def _days(when: Sequence[Any]) -> tuple[pd.Series, pd.Series]:
    """Return the Korean day of each row, and its instant or NaT."""
    given = pd.Series(when)
    if len(given) and not pd.api.types.is_datetime64_any_dtype(given):
        text = given.astype("str")
        instants = pd.to_datetime(text.where(text.str.contains("T")), utc=True)
        local = instants.dt.tz_convert("Asia/Seoul").dt.tz_localize(None).dt.normalize()
        days = local.fillna(pd.to_datetime(text.str.slice(0, 10)))
    else:
        days, instants = given, pd.Series(pd.NaT, index=given.index, dtype="datetime64[us, UTC]")
    return days.astype("datetime64[us]"), instants.astype("datetime64[us, UTC]")
