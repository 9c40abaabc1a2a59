"""`python -m web`: the same as `milieu`."""

import sys

from web.commands import main

if __name__ == "__main__":
    sys.exit(main())
