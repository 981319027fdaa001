"""``python -m tests.proofs``: repeat the proofs of which anything changed."""

import sys

from tests.proofs.runner import main

if __name__ == "__main__":
    sys.exit(main())
