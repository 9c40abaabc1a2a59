"""`python -m solver`."""

import signal
import sys
import time

# The start of the process, near enough: what Python has done so far was work, not waiting.
STARTED = time.monotonic() - time.process_time()

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever interrupts before a solve listens gets no traceback
    from solver.run.command.cli import main

    sys.exit(main(sys.argv[1:], STARTED, ends=True))
