"""Keep the running year's forecast: ``python -m analysis.forecast``, or ``make forecast``."""

from __future__ import annotations

from ..errors import exit_status
from ..escape import for_terminal
from ..record.load import last_day, load_launches
from .kept import keep_forecast, score_kept
from .year import describe_forecast

#: The rules that a forecast is kept for at each release.
_KEPT_RULES = ("cnn", "ballistic_days")


def main() -> int:
    """Keep a forecast by each rule, unless it is kept already, and score the earlier ones."""

    def work() -> None:
        launches, day = load_launches(), last_day()
        for rule in _KEPT_RULES:
            path = keep_forecast(launches, rule, as_of=day)
            print(for_terminal(f"{path.name}: {describe_forecast(launches, rule, as_of=day)}."))
        scored = score_kept(launches).dropna(subset=["came"])
        print(for_terminal(scored.to_string(index=False)) if len(scored) else "none is due yet")

    return exit_status("error", work)


if __name__ == "__main__":
    raise SystemExit(main())
