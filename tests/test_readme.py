"""The README: its computed parts are current, and what it names exists."""

import re
from pathlib import Path

from tools import readme

ROOT = Path(__file__).parent.parent
TEXT = readme.README.read_text("utf-8")


def test_computed_parts_are_current():
    assert readme.render(TEXT) == TEXT, "run make readme"


def test_every_link_leads_to_a_file():
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert len(links) > 10
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_it_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M))
    code = " ".join(re.findall(r"`[^`]+`|```.*?```", TEXT, flags=re.S))
    assert set(re.findall(r"\bmake ([a-z-]+)", code)) <= targets


def test_every_notebook_it_names_exists():
    named = re.findall(r"`(\d\d-[a-z-]+)`", TEXT)
    there = sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb"))
    assert named == there
