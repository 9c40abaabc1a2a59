from typing import Any

class _ThreadState:
    key: Any

thread_state: _ThreadState
