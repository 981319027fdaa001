"""Corrupted files of other databases: read, or refused by one clear error, in bounded time."""

import io
import zipfile
from collections import Counter

import pytest

from analysis import RecordError, read_cns

from . import upstream_files as made
from . import upstream_fuzz as fuzz


@pytest.mark.slow
def test_300_corrupted_variants_are_read_or_refused(tmp_path):
    seen = Counter()
    for _, name, read, how, raw in fuzz.variants(300, seed=1):
        path = tmp_path / name
        path.write_bytes(raw)
        seen[fuzz.check(read, path), how] += 1
    verdicts = Counter(verdict for verdict, _ in seen.elements())
    assert min(verdicts["read"], verdicts["refused"]) > 50  # neither is rare
    assert {f.__name__ for f in fuzz.CORRUPTIONS} <= {how for _, how in seen}


def test_the_same_seed_gives_the_same_variants():
    first, again, other = ([raw for *_, raw in fuzz.variants(5, seed)] for seed in (1, 1, 2))
    assert first == again != other


def workbook(sheet):
    """A workbook whose sheet is the given XML."""
    source = zipfile.ZipFile(io.BytesIO(made.cns_xlsx(made.in_cns().head(3))))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for part in source.infolist():
            here = part.filename == "xl/worksheets/sheet1.xml"
            package.writestr(part, sheet if here else source.read(part))
    return target.getvalue()


@pytest.mark.parametrize(
    "sheet",
    [
        "",
        "<worksheet>",
        '<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "'
        + "&a;" * 1000
        + '"><!ENTITY c "'
        + "&b;" * 1000
        + '"><!ENTITY d "'
        + "&c;" * 1000
        + '">]><worksheet><sheetData><row><c t="str"><v>&d;</v></c></row></sheetData></worksheet>',
        "<worksheet><sheetData>" + '<row r="9"/>' * 200_000 + "</sheetData></worksheet>",
        '<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        "</worksheet>",
    ],
    ids=["empty", "cut", "entities", "many rows", "far cell"],
)
def test_a_hostile_workbook_is_refused_in_bounded_time(sheet, tmp_path):
    path = tmp_path / "cns.xlsx"
    path.write_bytes(workbook(sheet))
    with pytest.raises(RecordError):
        fuzz_time(path)


def fuzz_time(path):
    import time

    started = time.monotonic()
    try:
        read_cns(path)
    finally:
        assert time.monotonic() - started < fuzz.SECONDS
