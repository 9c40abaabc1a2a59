"""The types of the pools that kernels share."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int64]
Tables: TypeAlias = NDArray[np.int8]
