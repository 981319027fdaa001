"""The year's count in a terminal: ``python -m analysis count --rule cnn --as-of 2022-11-09``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .adding.options import add_parsers
from .errors import exit_status
from .escape import for_terminal

SCRIPT = "dprk-launches"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a count; return the exit status, 1 where it cannot be counted.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line without the program's name.

    Returns
    -------
    int
        0, or 1 after an error message.

    Raises
    ------
    SystemExit
        With status 2 for a command line that cannot be read, 0 after --help.

    Examples
    --------
    >>> main(["count", "--rule", "cruise_days", "--as-of", "2022-12-31"])
    By 31 December 2022 North Korea had fired cruise missiles on 4 days this year (Korean dates).
    0
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.command == "count" and not (given.as_of or given.known_on):
        parser.error("expected --as-of, the last day counted, or --known-on with --database")

    def answer() -> None:
        for line in _COMMANDS[given.command](given):
            print(for_terminal(line))

    return exit_status("error", answer)


def _count(given: argparse.Namespace) -> Iterator[str]:
    """Say the year's count in a sentence."""
    from .counting import describe_count
    from .record.load import load_launches

    launches = load_launches(known_on=given.known_on, database=given.database, extra=given.extra)
    rule = given.rule or given.database or "cnn"
    yield f"{describe_count(launches, rule, as_of=given.as_of or given.known_on)}."


def _rules(given: argparse.Namespace) -> Iterator[str]:
    """Give a line to each rule."""
    from .counting import compare_rules
    from .record.days import as_day
    from .record.load import load_launches

    end = as_day(given.as_of, "--as-of")
    start = end.replace(month=1, day=1)
    table = compare_rules(load_launches(extra=given.extra), start=start, end=end)
    if table["n"].isna().all():
        raise ValueError(f"no rule can count this year: {table['reason'].iloc[0]}")
    table["least"] = table["exact"].map({True: "", False: "at least"}).fillna("")
    for name, least, n, text in table[["rule", "least", "n", "definition"]].to_numpy():
        yield f"{name:30} {least:8} {n:>5}  {text}"


def _forecast(given: argparse.Namespace) -> Iterator[str]:
    """Say where the year will end and when the next launch comes."""
    from .forecast import describe_forecast
    from .record.load import load_launches

    yield f"{describe_forecast(load_launches(extra=given.extra), given.rule, as_of=given.as_of)}."


def _describe(given: argparse.Namespace) -> Iterator[str]:
    """Say what a table's columns, or a column's words, mean."""
    from .record.describe import describe

    yield from str(describe(given.table, given.column)).splitlines()


def _add(given: argparse.Namespace) -> Iterator[str]:
    """Add a launch or an event."""
    from .adding.command import run_add

    yield from run_add(given)


def _check(given: argparse.Namespace) -> Iterator[str]:
    """Explain every mistake."""
    from .adding.command import run_check

    yield from run_check(given)


#: What each command prints, line by line.
_COMMANDS = {
    "count": _count, "rules": _rules, "forecast": _forecast, "describe": _describe,
    "add": _add, "check": _check,
}  # fmt: skip


class _Version(argparse.Action):
    """Print the versions of code and data, which are read only where they are asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from . import __version__
        from .record.files import built_version, processed

        print(f"dprk-launch-record {__version__}, data {built_version(processed())}")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    """Make the reader of the command line."""
    called = Path(sys.argv[0]).stem
    parser = argparse.ArgumentParser(
        prog=called if called == SCRIPT else f"python -m {__package__}",
        description="Count North Korean missile launches.",
    )
    parser.add_argument("--version", action=_Version, help="the versions of code and data")
    commands = parser.add_subparsers(dest="command", required=True)
    count = commands.add_parser("count", help="the year's launches so far, in one sentence")
    count.add_argument(
        "--rule", help="what counts as a launch (default: cnn; with --database the database's own)"
    )
    count.add_argument(
        "--known-on", metavar="YYYY-MM-DD", help="count what a database held on this day"
    )
    count.add_argument("--database", help="whose state --known-on asks for: cns or csis")
    rules = commands.add_parser("rules", help="the year's launches so far under every rule")
    forecast = commands.add_parser("forecast", help="where the year will end, in one sentence")
    forecast.add_argument("--rule", default="cnn", help="what counts as a launch (default: cnn)")
    for command in (count, rules, forecast):
        command.add_argument(
            "--as-of",
            required=command is not count,
            metavar="YYYY-MM-DD",
            help="last day counted",
        )
        command.add_argument(
            "--extra", metavar="FILE", help="launches of your own, beside the record's"
        )
    described = commands.add_parser("describe", help="what a table's columns and words mean")
    described.add_argument("table", nargs="?", help="such as launches; all tables where left out")
    described.add_argument("column", nargs="?", help="a column whose words are to be explained")
    add_parsers(commands)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
