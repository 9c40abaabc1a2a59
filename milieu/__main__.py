"""`python -m milieu`: the commands that need no pages."""

import sys

from milieu.cli import main

if __name__ == "__main__":
    sys.exit(main())
