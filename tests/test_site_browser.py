"""The site in a real browser with the network cut: its search, and what axe-core finds.

Needs `make docs`; its pages are read from the disk.
"""

import pytest

from tools.site import OUT

from .chromium import MARKS, chromium, violations

pytestmark = MARKS
PAGES = [
    *("index", "install", "findings", "rules", "tables/index", "tables/launches", "agreement"),
    *("methods", "proofs/index", "proofs/links_size", "gallery", "notebooks", "adding", "api"),
    *("api/analysis.event_study", "glossary", "citing", "notes", "changes", "search"),
    *("notebooks/01-the-record", "notebooks/03-year-to-date", "notebooks/05-links"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if not OUT.is_dir():
        pytest.skip("the site is not there: `make docs` builds it")
    with chromium(tmp_path_factory.mktemp("profile"), offline=True) as context:
        yield context


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_asked_of_the_network(browser, name, scheme):
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(color_scheme=scheme)
    page.goto((OUT / f"{name}.html").as_uri())
    assert violations(page) == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    page.close()


def test_a_column_is_found_by_search(browser):
    page = browser.new_page()
    page.goto((OUT / "search.html").as_uri() + "?q=apogee_km")
    page.wait_for_selector("#search-results li a")
    assert any(
        "tables/launches" in a.get_attribute("href")
        for a in page.locator("#search-results li a").all()
    )
    page.close()
