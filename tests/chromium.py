"""A real Chromium for tests: how it is started, cut off from the network, and what axe-core says.

Skipped where there is no Chromium (Debian: ``apt-get install chromium``); CHROMIUM may name one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .copies import ROOT

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: What a module of browser tests is marked with.
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
#: Put there by `make axe`; never part of the checkout.
_AXE = ROOT / ".build" / "axe" / "package" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium(folder: Path, **options: Any) -> Iterator[Any]:
    """Start a browser with a profile of its own; options as of a context of playwright."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(folder), executable_path=CHROMIUM, headless=True, args=FLAGS, **options
        )
        yield context
        context.close()


def violations(page: Any) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA and its best practice in a page."""
    if not _AXE.exists():
        pytest.skip("axe-core is not there: `make axe` fetches it, where there is npm")
    page.evaluate(_AXE.read_text("utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", _RULES
    )
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
