"""The year's count in a terminal: ``python -m analysis count --rule cnn --as-of 2022-11-09``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


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
    >>> main(["count", "--rule", "rok_white_paper", "--as-of", "2022-12-31"])
    By 31 December 2022 North Korea had launched missiles on 34 days, ballistic, Korean dates.
    0
    """
    given = _parser().parse_args(arguments)
    from .counting import compare_rules, describe_count
    from .record.load import load_launches

    try:
        if given.command == "count":
            print(f"{describe_count(load_launches(), given.rule, as_of=given.as_of)}.")
        else:
            year = f"{given.as_of[:4]}-01-01"
            table = compare_rules(load_launches(), start=year, end=given.as_of)
            for name, n, definition in zip(
                table["rule"], table["n"], table["definition"], strict=True
            ):
                print(f"{name:30} {n:>5}  {definition}")
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    """Make the reader of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m analysis", description="Count North Korean missile launches."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    count = commands.add_parser("count", help="the year's launches so far, in one sentence")
    count.add_argument("--rule", default="cnn", help="what counts as a launch (default: cnn)")
    rules = commands.add_parser("rules", help="the year's launches so far under every rule")
    for command in (count, rules):
        command.add_argument(
            "--as-of", required=True, metavar="YYYY-MM-DD", help="last day counted"
        )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
