"""What a solve takes of a worker, in the words in which workers say what they have."""

from milieu.solving.cluster.program import program

CORES, MEMORY = "cores", "memory"


def asked(cores: int, memory_mb: int) -> dict[str, float]:
    """The resources of one solve: `memory_mb` 0 asks for none. Its program is one of them, so that the scheduler itself
    sends no solve to a worker that has another.
    """
    wanted: dict[str, float] = {CORES: cores, program_resource(): cores}
    return wanted | ({MEMORY: memory_mb} if memory_mb else {})


def offered(cores: int, memory_mb: int) -> dict[str, float]:
    """The resources of a worker that may use so many cores and so much memory (in MB) at a time."""
    return {CORES: cores, program_resource(): cores, MEMORY: memory_mb}


def program_resource() -> str:
    """The resource that stands for the solver that this machine has."""
    return f"program {program()}"
