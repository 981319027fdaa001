"""Write benchmark results beside the machine they came from."""

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd


def write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Print the rows and write them as CSV with machine and versions."""
    frame = pd.DataFrame(rows).assign(
        machine=f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores",
        python=platform.python_version(),
        numpy=np.__version__,
        pandas=pd.__version__,
    )
    frame.to_csv(path, index=False, float_format="%.4g", lineterminator="\n")
    print(frame.drop(columns=["machine", "python", "numpy", "pandas"]).to_string(index=False))
