"""The README: its computed parts are current, and what it names exists."""

import re
from pathlib import Path

from tools import readme

ROOT = Path(__file__).parent.parent
TEXT = readme.README.read_text("utf-8")


def test_computed_parts_are_current():
    assert readme.render(TEXT) == TEXT, "run make readme"


def test_every_link_leads_to_a_file():
    links = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", TEXT)
    assert len(links) > 10
    assert [link for pair in links for link in pair if link and not (ROOT / link).exists()] == []


def test_every_make_target_it_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M))
    code = " ".join(re.findall(r"`[^`]+`|```.*?```", TEXT, flags=re.S))
    assert set(re.findall(r"\bmake ([a-z-]+)", code)) <= targets


def test_every_notebook_it_names_exists():
    named = set(re.findall(r"`(\d\d-[a-z-]+)`", TEXT))
    assert named <= {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_its_session_prints_what_it_shows():
    said = re.search(r"```python\n(.*?)```", TEXT, flags=re.S)[1]
    calls = re.findall(r"^>>> (.*)", said, flags=re.M)
    scope = {}
    exec("\n".join(calls[:2]), scope)
    assert repr(eval(calls[2], scope)) in said


def test_it_fits_on_two_screens():
    # rows of the table and items of the lists are long; a line holds about 110 letters
    lines = sum(1 + len(line) // 110 for line in TEXT.splitlines() if not line.startswith("<!--"))
    assert lines <= 110


def test_its_session_on_another_record_prints_what_it_shows():
    said = re.findall(r"```python\n(.*?)```", TEXT, flags=re.S)[1]
    *calls, last = re.findall(r"^>>> (.*)", said, flags=re.M)
    assert len(calls) < 5
    scope = {}
    exec("\n".join(calls), scope)
    assert repr(eval(last, scope)) in said
