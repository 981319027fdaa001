"""Exact segmentation of a series of counts. A room of its own: NumPy in, NumPy out.

What it does
    Splits counts into segments of one rate each so that log-likelihood less a penalty for every
    break is as large as can be: the optimum itself, not an approximation.

What to call
    `optimal_breaks` for one penalty, `all_segmentations` for every penalty in a range,
    `segment_cost` to add up what given breaks cost. Nothing else is meant for other rooms, and
    whoever reads `analysis.frequency.changes` need not read on here.

Why it is not twenty lines
    The plain dynamic programme (tests/test_segmentation.py holds it) gives the same breaks, and
    takes seconds on a record of days. This one prunes, and works starts off in blocks so that
    NumPy does the loops: ten times as fast as skchange's compiled search on ten thousand bins
    (``make bench``).

How it is laid out
    costs.py
        Minus the log-likelihood of a segment, Poisson or negative binomial.
    search.py
        The dynamic programme, a block of ends at a time.
    pruning.py
        Which starts can still win: the delicate part.
    penalties.py
        From one penalty to a range of them.

References
----------
Jackson, B. et al. (2005). An algorithm for optimal partitioning of data on an interval. IEEE
Signal Processing Letters 12(2), 105-108. doi:10.1109/LSP.2001.838216

Maidstone, R., Hocking, T., Rigaill, G. and Fearnhead, P. (2017). On optimal multiple changepoint
algorithms for large data. Statistics and Computing 27, 519-533. doi:10.1007/s11222-016-9636-3

Haynes, K., Eckley, I. A. and Fearnhead, P. (2017). Computationally efficient changepoint
detection for a range of penalties. Journal of Computational and Graphical Statistics 26(1),
134-143. doi:10.1080/10618600.2015.1116445
"""

from .costs import segment_cost
from .penalties import all_segmentations
from .search import optimal_breaks

__all__ = ["all_segmentations", "optimal_breaks", "segment_cost"]
