"""Build the site into docs/_build/html: the pages of ``docs`` and those that code writes.

    python -m tools.site

Nothing is fetched and no notebook is run. A warning is an error, as is a link to a page, a heading
or a name that is not there. The sources are gathered in ``.build/site``.
"""

import shutil
import sys
from pathlib import Path

from analysis.errors import exit_status
from analysis.record import files
from analysis.record.schema import DATA_VERSION
from tools.findings import findings_page
from tools.pages import pages

DOCS = files.ROOT / "docs"
OUT = DOCS / "_build" / "html"
#: Files of the checkout that are pages too.
_MOVED = {
    "CHANGELOG.md": "changes.md",
    "data/raw/NOTES.md": "notes.md",
    "docs/glossary.md": "glossary.md",
}


def gather(folder: Path) -> None:
    """Write the sources of the site into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, folder, ignore=shutil.ignore_patterns("_build", "__pycache__"))
    for name, place in _MOVED.items():
        text = (files.ROOT / name).read_text("utf-8")
        for link, page in _MOVED.items():
            text = text.replace(f"]({link})", f"]({page})")
        (folder / place).write_text(text, "utf-8")
    for name in ("figures", "notebooks"):
        ignored = shutil.ignore_patterns(".ipynb_checkpoints", "*.html")
        shutil.copytree(files.ROOT / name, folder / name, ignore=ignored)
    shutil.copytree(files.PROCESSED, folder / "data")
    citation = (files.ROOT / "CITATION.bib").read_text("utf-8")
    citation = citation.replace("YYYY-MM-DD.N, as dprk-launches --version prints it", DATA_VERSION)
    (folder / "CITATION.bib").write_text(citation, "utf-8")
    for name, text in {"findings.md": findings_page(), **pages()}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{text}\n", "utf-8")


def build() -> int:
    """Gather the sources and have Sphinx build them; return its exit status."""
    from sphinx.cmd.build import main as sphinx

    source, made = files.state(files.ROOT) / "site", files.state(files.ROOT) / "site-made"
    gather(source)
    shutil.rmtree(OUT, ignore_errors=True)
    status = sphinx(["-q", "-W", "--keep-going", "-d", str(made), str(source), str(OUT)])
    if not status:
        print(f"site: {(OUT / 'index.html').relative_to(files.ROOT)}")
    return status


if __name__ == "__main__":
    sys.exit(exit_status("site", build))
