"""Corrupted files of a user and of data/raw: the facts that stand there, or an error of ours."""

from . import fuzz


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
