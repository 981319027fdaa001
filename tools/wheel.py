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
from analysis import describe, load_launches, load_events, read_launches
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
found["slv"] = describe("launches", "klass").set_index("value").at["SLV", "meaning"]
found["home"] = sys.modules["analysis"].__file__
print(json.dumps(found))
"""
#: The same where a file of the user's hides the first name.
HIDDEN = "import dprk_launches, sys\nassert 'analysis' not in sys.modules\n" + PROGRAM.replace(
    "analysis", "dprk_launches"
).replace("\nlaunches = ", "\nimport analysis; assert analysis.MINE\nlaunches = ", 1)
EXPECTED = {
    "cns": 339,
    "ballistic": [73, 34],
    "cruise": [79, 37],
    "slv": "space launch vehicle, a rocket meant to reach orbit",
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
        for name, text in (("alone", PROGRAM), ("beside_own_analysis", HIDDEN)):
            (here / name).mkdir()
            (here / name / "program.py").write_text(text)
            if text is HIDDEN:
                (here / name / "analysis.py").write_text("MINE = True\n")
            said = run(str(bin_ / "python"), "-W", "error", "program.py", cwd=here / name)
            found = json.loads(said)
            home = found.pop("home")
            assert str(here / "env") in home, f"not the wheel's own copy: {home}"
            assert found == EXPECTED, f"found {found}, expected {EXPECTED}"
            print(f"{wheel.name}, {name}: {found}")
        script = (str(bin_ / "dprk-launches"), "count", "--as-of", "2022-11-09")
        sentence = run(*script, cwd=here / "beside_own_analysis")
        assert " on 32 days" in sentence, sentence
        inside = f"import sys; sys.path.insert(0, {str(wheel)!r}); import dprk_launches as d\n"
        inside += "assert '.whl' in d.__file__; print(len(d.load_launches()))"
        rows = run(str(bin_ / "python"), "-c", inside, cwd=here / "beside_own_analysis")
        print(f"from inside the file, not installed: {rows.strip()} rows; {sentence.strip()}")


if __name__ == "__main__":
    main()
