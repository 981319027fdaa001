"""What loading the launches costs, whole process against whole process.

The peer: ``import pandas`` followed by ``pandas.read_csv`` of the same file.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from analysis.record.files import PROCESSED
from tests.benchmarks.machine import write

PEER = f"import pandas; pandas.read_csv({str(PROCESSED / 'launches.csv')!r})"
OURS = "from analysis import load_launches; load_launches()"


def seconds(program: str) -> float:
    """Time one fresh interpreter."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter() - start


def main() -> None:
    """Alternate the two so that neither meets a quieter machine."""
    pairs = [(seconds(OURS), seconds(PEER)) for _ in range(16)][1:]
    ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
    rows = [{"what": "load_launches", "seconds": ours, "peer_seconds": peer, "ratio": ours / peer}]
    write(Path(__file__).with_name("import.csv"), rows)


if __name__ == "__main__":
    main()
