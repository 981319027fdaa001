"""Changes to the code: each is one change, and those that no test noticed are explained."""

import csv

from tools import mutants

from .copies import ROOT

MODULE = ROOT / "analysis" / "counting" / "tally.py"


def test_what_no_test_noticed_still_stands_and_has_its_reason():
    with mutants.LISTED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert row["line"] in mutants.lines_of(ROOT / row["module"]), f"{row}: run make mutants"
        assert row["reason"].endswith(".")


def test_a_mutant_is_one_change_of_one_place():
    text = MODULE.read_text("utf-8")
    for mutant in list(mutants.mutants(MODULE, ROOT))[::10]:
        new = mutants.mutated(mutant, text)
        compile(new, MODULE.name, "exec")
        lines, others = text.splitlines(), new.splitlines()
        same = lines.index(next(a for a, b in zip(lines, others, strict=False) if a != b))
        assert abs(same + 1 - mutant.line) <= 8
