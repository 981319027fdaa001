"""Files that other databases publish -> our tables, and how they differ from the record.

Readers take the file as it was downloaded, in any of its forms since 2017: `read_cns`,
`read_nagix`, `read_csis`, `read_gcat`. What they did not understand is missing in the table and
is what `report_of` returns; every row of the file is used or reported. ``.reconcile`` lays
such a table beside the record.
"""

from .cns import read_cns
from .csis import read_csis
from .gcat import read_gcat
from .nagix import read_nagix
from .report import report_of, rows_of

__all__ = ["read_cns", "read_csis", "read_gcat", "read_nagix", "report_of", "rows_of"]
