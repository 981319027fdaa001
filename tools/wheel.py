"""Build a wheel, install it in a clean environment and use it from another folder.

Run by ``make wheel-test``; not a pytest module, since it needs pip and a registry.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parent.parent
PROGRAM = """
import json, sys
from analysis import load_launches, load_events, read_launches
launches = load_launches()
day = launches[(launches["date"].dt.year == 2022) & (launches["date_precision"] == "day")]
found = {"cns": int(launches.loc[launches["in_cns"], "missiles"].sum())}
for name, families in (("ballistic", ["ballistic", "space"]),
                       ("cruise", ["ballistic", "space", "cruise"])):
    rows = day[day["family"].isin(families)]
    found[name] = [int(rows["missiles"].sum()), int(rows["date"].nunique())]
found["events"] = len(load_events())
launches.to_csv("mine.csv", index=False)
assert read_launches("mine.csv").equals(launches)
found["home"] = sys.modules["analysis"].__file__
print(json.dumps(found))
"""
EXPECTED = {
    "cns": 339,
    "ballistic": [73, 34],
    "cruise": [79, 37],
    "events": len(pd.read_csv(ROOT / "data" / "processed" / "events.csv")),
}


def run(*command: str, cwd: Path) -> str:
    """Run a command, show what it says if it fails, and return what it printed."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Check the totals that every user of the wheel should find."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, cwd=ROOT)
        (wheel,) = here.glob("*.whl")
        venv.create(here / "env", with_pip=True)
        bin_ = here / "env" / ("Scripts" if sys.platform == "win32" else "bin")
        run(str(bin_ / "python"), "-m", "pip", "install", "-q", str(wheel), cwd=here)
        (here / "elsewhere").mkdir()
        said = run(str(bin_ / "python"), "-I", "-W", "error", "-c", PROGRAM, cwd=here / "elsewhere")
        found = json.loads(said)
        home = found.pop("home")
        assert str(here / "env") in home, f"not the wheel's own copy: {home}"
        assert found == EXPECTED, f"found {found}, expected {EXPECTED}"
        print(f"{wheel.name}: {found}")


if __name__ == "__main__":
    main()
