"""One page to explore: counts, launches, events, sites and figures in a single HTML file.

``python -m analysis.page`` (``make report``) writes ``figures/report.html``. It asks for nothing
from anywhere, and opens from the disk. Every number in it was computed here: the scripts in
``assets`` look up, filter, sort and draw, and know no counting rule.
"""
