"""How Sphinx builds the site; `make docs` gathers its pages first (tools/site.py)."""

import pkgutil
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx

import analysis
from analysis import DATA_VERSION, __version__

project = "dprk-launch-record"
author = copyright = "The dprk-launch-record maintainers"
version, release = __version__, f"{__version__}, data {DATA_VERSION}"
language = "en"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "sphinx_design",
]
# notebooks are shown as they were stored: nothing is run, nothing is fetched
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
html_math_renderer = "mathml"

autosummary_generate = True
autosummary_imported_members = True
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
default_role = "autolink"

# a name of our own that leads nowhere is an error; other projects' pages lie elsewhere
nitpicky = True
_ROOMS = "|".join(module.name for module in pkgutil.iter_modules(analysis.__path__))
nitpick_ignore_regex = [
    ("py:.*", r"(?!analysis\.).*"),  # another project's name, or no name at all
    ("py:.*", rf"analysis\.({_ROOMS})(\..*)?"),  # a module, which has no page of its own
]

html_theme = "pydata_sphinx_theme"
html_title = project
html_static_path, html_css_files = ["_static"], ["site.css"]
templates_path = ["_templates"]
exclude_patterns = ["year.md", "proven", "worked", "notebooks/README.md"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": project},
    "show_prev_next": True,
    "navbar_align": "left",
    # the other button's words are not those that a screen reader says
    "navbar_persistent": ["search-button"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "secondary_sidebar_items": ["page-toc"],
}
html_last_updated_fmt = None


def _formula(display: str) -> Any:
    """Make the visitor that writes a formula as MathML, which browsers draw without a script."""

    def visit(self: Any, node: nodes.Element) -> None:
        self.body.append(convert(node.astext(), display=display))
        raise nodes.SkipNode

    return visit


def _name_for_readers(app: Sphinx, error: Exception | None) -> None:
    """Give what a screen reader says of notebooks' pages the words that stand there."""
    for page in (Path(app.outdir) / "notebooks").glob("*.html"):
        text = page.read_text("utf-8").replace(' aria-label="Toggle hidden content"', "")
        page.write_text(text, "utf-8")


def setup(app: Sphinx) -> None:
    """Let Sphinx write formulas without fetching anything."""
    inline, block = ((_formula(display), None) for display in ("inline", "block"))
    app.add_html_math_renderer("mathml", inline, block)
    app.connect("build-finished", _name_for_readers)
