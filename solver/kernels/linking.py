# mypy: disable-error-code="no-untyped-call, misc"
"""How the kernels' libraries become one: linked first, optimized and turned into machine code once.

numba would optimize each kernel together with all that it calls, and make machine code of that: of a kernel deep down,
as often as it has callers. Nobody calls a single kernel, so all wait here until the one way in is asked for. A quarter
of the time, and faster code, since LLVM sees everything that can be inlined where it is called.
"""

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.registry import cpu_target


class LinkedLibrary(JITCodeLibrary):
    """A library that stays as it was written until C may call it."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout  # LLVM links only what has one layout

    def finalize(self) -> None:
        """Take nothing more up."""
        self._raise_if_finalized()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """The address of what C may call, linked with all that it calls; 0 for what Python would: nobody does."""
        if not name.startswith("cfunc."):
            return 0
        self._link(name)
        address: int = super().get_pointer_to_function(name)
        return address

    def _link(self, name: str) -> None:
        whole = self._final_module
        for library in _called_by(self):
            whole.link_in(library._get_module_for_linking(), preserve=True)
        for function in whole.functions:
            if not function.is_declaration and function.name != name:
                function.linkage = "internal"  # may vanish where it is inlined
        self._optimize_final_module()
        whole.verify()
        self._finalize_final_module()


def _called_by(library: Any) -> list[Any]:
    """All libraries that a library needs, each once."""
    found: dict[Any, None] = {}
    waiting = [library]
    while waiting:
        for each in waiting.pop()._linking_libraries:
            if each not in found:
                found[each] = None
                waiting.append(each)
    return list(found)


def link_once() -> None:
    """Let every kernel that this process compiles from now on wait for the one way in."""
    codegen = cpu_target.target_context.codegen()
    codegen._library_class = LinkedLibrary
    codegen.set_env = lambda *_: None  # what Python would find its constants by
