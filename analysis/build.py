"""``python -m analysis.build``: data/raw, checked and joined -> data/processed."""

import sys

from .record.build import main

if __name__ == "__main__":
    sys.exit(main())
