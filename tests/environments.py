"""The same bytes in every environment: ``python -m tests.environments`` (``make environments``).

Each builds the tables and draws two figures, one of dates and one of statistics, into a folder of
its own, and holds them against those of the checkout. The suite does so in all of them at once.
"""

import filecmp
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from .copies import ROOT

FIGURES = ("03-timeline", "07-yearly-rates")


class Environment(NamedTuple):
    """What differs from the usual: variables (None: unset), options, umask and folder."""

    variables: Mapping[str, str | None] = {}
    options: tuple[str, ...] = ()
    umask: int = 0o022
    folder: str = "out"


SETTINGS = """
date.epoch: 0000-12-31
font.family: serif
savefig.bbox: tight
savefig.dpi: 30
axes.prop_cycle: cycler('color', ['r'])
svg.fonttype: none
text.usetex: True
axes.unicode_minus: False
axes.formatter.use_locale: True
"""

ENVIRONMENTS: dict[str, Environment] = {
    "Auckland": Environment({"TZ": "Pacific/Auckland"}),
    "Kiritimati": Environment({"TZ": "Pacific/Kiritimati"}),
    "a zone 12 hours behind": Environment({"TZ": "Etc/GMT+12"}),
    "no such zone": Environment({"TZ": "Nowhere/None"}),
    "C": Environment({"LC_ALL": "C", "LANG": "C"}),
    "ASCII": Environment({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}),
    "Turkish": Environment({"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}),
    "German": Environment({"LC_ALL": "de_DE.UTF-8"}),
    "no such language": Environment({"LC_ALL": "xx_XX"}),
    "Latin-1 pipes": Environment({"PYTHONIOENCODING": "latin-1"}),
    "another hash seed": Environment({"PYTHONHASHSEED": "4242"}),
    "no home": Environment({"HOME": None}),
    "a home that cannot be written": Environment({"HOME": "/proc/none"}),
    "no variables at all": Environment(
        dict.fromkeys(name for name in os.environ if name not in ("PATH", "LD_LIBRARY_PATH"))
    ),
    "a private umask": Environment(umask=0o077),
    "an open umask": Environment(umask=0),
    "spaces and letters": Environment(folder="a b/평양 é/ö'\"$x%s{0}"),
    "a user's matplotlibrc": Environment({"MATPLOTLIBRC": "settings"}),
    "another back end": Environment({"MPLBACKEND": "svg"}),
    "many threads": Environment({"OPENBLAS_NUM_THREADS": "8", "OMP_NUM_THREADS": "8"}),
    "a narrow terminal": Environment({"COLUMNS": "5", "LINES": "2", "FORCE_COLOR": "1"}),
    "warnings are errors": Environment(options=("-W", "error", "-X", "dev")),
    "without assertions": Environment(options=("-O",)),
    "without docstrings": Environment(options=("-OO",)),
}
#: Every one that can be had together with the others, for a quick look.
TOGETHER = Environment(
    {
        "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0",
        "PYTHONHASHSEED": "4242", "HOME": "/proc/none", "MATPLOTLIBRC": "settings",
        "MPLBACKEND": "svg", "OPENBLAS_NUM_THREADS": "8", "COLUMNS": "5",
    },
    ("-O",), 0o077, "a b/é/ö'\"$x%s{0}",
)  # fmt: skip


def differing(environment: Environment, folder: Path) -> Iterator[str]:
    """Make everything in an environment; name what failed or is not as in the checkout."""
    (folder / "settings").write_text(SETTINGS)
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment.variables}
    if variables.get("MATPLOTLIBRC"):
        variables["MATPLOTLIBRC"] = str(folder / "settings")
    given = {name: value for name, value in variables.items() if value is not None}
    out = folder / environment.folder
    out.mkdir(parents=True)
    for words in (
        ("analysis.build", "--out", str(out / "processed")),
        ("analysis.figures", "--force", "--out", str(out / "figures"), *FIGURES),
    ):
        done = subprocess.run(
            [sys.executable, *environment.options, "-m", *words],
            cwd=ROOT, env=given, umask=environment.umask, capture_output=True, text=True,
            errors="replace",
        )  # fmt: skip
        if done.returncode:
            yield f"{words[0]}: {done.stderr[:500]}"
    for usual in (ROOT / "data" / "processed", ROOT / "figures"):
        made = out / usual.name
        files = [path for path in made.glob("*.*") if path.is_file()]
        if not files:
            yield f"nothing in {made.name}"
        for path in files:
            if not filecmp.cmp(path, usual / path.name, shallow=False):
                yield path.name


def main() -> int:
    """Try every environment; return 1 if any gives other bytes."""
    status = 0
    for name, environment in {**ENVIRONMENTS, "together": TOGETHER}.items():
        with tempfile.TemporaryDirectory() as folder:
            wrong = list(differing(environment, Path(folder)))
        print(f"{name}: {'; '.join(wrong) or 'the same bytes'}", flush=True)
        status |= bool(wrong)
    return status


if __name__ == "__main__":
    sys.exit(main())
