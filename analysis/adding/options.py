"""The options of ``add`` and ``check``: read without pandas, so that --help is quick."""

from __future__ import annotations

from typing import Any

LAUNCH = {
    "date": "Korean day, as 2026-10-20",
    "system": "missile type by any of its names, or a class: KN-23, Iskander, SRBM",
    "site": "launch site by any of its names; unknown where not known",
    "source": "key of the source in sources.csv; several separated by ;",
}
EVENT = {
    "start": "first day, as 2026-10-20",
    "kind": "kind of event, such as unsc_meeting",
    "title": "what happened, in a line",
}
#: What a source must have that the record lacks.
SOURCE = {"source-title": "title of the page of a new source", "publisher": "who published it"}
#: Options that are columns of a row.
LAUNCH_CELLS = {
    "missiles": "how many; at least one by default",
    "apogee-km": "highest point in km",
    "range-km": "distance in km",
    "outcome": "success, failure or unknown",
    "note": "remark",
}
EVENT_CELLS = {
    "category": "where several categories have the kind",
    "parties": "who took part, as KP;US",
    "place": "where",
    "source": "where the days were read",
    "source-url": "its address",
    "note": "remark",
}


def add_parsers(commands: Any) -> None:
    """Add the commands `add` and `check` to those of a parser."""
    add = commands.add_parser("add", help="add a launch or an event, checked and counted")
    what = add.add_subparsers(dest="what", required=True)
    launch = what.add_parser("launch", help="add a launch; asks for what is not given")
    event = what.add_parser("event", help="add an event; asks for what is not given")
    for name, help_ in {**LAUNCH, **LAUNCH_CELLS}.items():
        launch.add_argument(f"--{name}", help=help_)
    launch.add_argument("--time", default="", help="Korean time of day, as 15:31")
    launch.add_argument("--at-least", action="store_true", help="the number is a lower bound")
    launch.add_argument("--in-cns", action="store_true", help="CNS lists it")
    launch.add_argument("--in-csis", action="store_true", help="CSIS lists it under that day")
    launch.add_argument(
        "--from",
        dest="proposed",
        metavar="FILE",
        help="rows to add, such as those proposed by reconcile",
    )
    launch.add_argument("--source-title", help="title of a source that sources.csv lacks")
    launch.add_argument("--publisher", help="who published it")
    launch.add_argument("--url", default="", help="its address")
    for name, help_ in {**EVENT, **EVENT_CELLS}.items():
        event.add_argument(f"--{name}", help=help_)
    event.add_argument("--end", default="", help="last day, where not the first")
    event.add_argument("--answers-launch", action="store_true", help="it answers a launch")
    for command in (launch, event):
        command.add_argument("--to", metavar="FILE", help="a file of your own instead of data/raw")
        command.add_argument("--dry-run", action="store_true", help="say it, change nothing")
    check = commands.add_parser("check", help="explain every mistake in data/raw, or in files")
    check.add_argument("files", nargs="*", help="files of launches or events; data/raw by default")
    check.add_argument("--encoding", default="utf-8", help="of files that are not Unicode: cp1252")
