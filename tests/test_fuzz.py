"""Corrupted files of a user and of data/raw: the facts that stand there, or an error of ours."""

import shutil
from collections import Counter

import pytest

from analysis.record.files import RAW

from . import fuzz


@pytest.mark.slow
def test_300_mutants_give_the_facts_that_stand_there_or_a_located_error(tmp_path):
    shutil.copytree(RAW, tmp_path / "raw")
    seen: Counter[str] = Counter()
    for mutant in fuzz.mutants(300, seed=2):
        seen[fuzz.check(mutant, tmp_path)] += 1
        seen.update(mutant[3].split("+"))
    assert min(seen["read"], seen["refused"]) > 30  # neither is rare
    assert {"one_cell", *(f.__name__ for f in fuzz.CORRUPTIONS)} <= set(seen)


def test_the_same_seed_gives_the_same_mutants_wherever_one_begins():
    first, again, other = ([raw for *_, raw in fuzz.mutants(6, seed)] for seed in (1, 1, 2))
    assert first == again != other
    assert [raw for *_, raw in fuzz.mutants(2, 1, first=4)] == first[4:]


def test_a_guess_would_be_seen(tmp_path):
    name, read, raw = fuzz.texts()[0]
    rows = raw.decode().splitlines()
    answer = read(write(tmp_path / name, raw))
    header, facts = fuzz.facts_in(raw, name)
    fuzz.compare(answer, header, facts, fuzz.TABLE_OF[read], in_order=True)
    for other in (rows[:-1], [*rows, rows[-1]], [rows[0], *rows[2:], rows[1]]):
        header, facts = fuzz.facts_in("\n".join(other).encode(), name)
        assert differs(answer, header, facts, fuzz.TABLE_OF[read])


def write(path, raw):
    path.write_bytes(raw)
    return path


def differs(*arguments):
    try:
        fuzz.compare(*arguments, in_order=True)
    except AssertionError:
        return True
    return False
