"""numpy, and the shapes in which a segment is inverted; loaded only where an index is written.

The one door to it. Nothing here is linear algebra, so its threads are of no use:
they would take long to start, and in several processes take the processor from
each other.
"""

import os
from typing import Any, Final

_THREADS: Final = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_before = {name: os.environ.get(name) for name in _THREADS}
os.environ.update(dict.fromkeys(_THREADS, "1"))
try:
    import numpy as np
finally:
    for _name, _value in _before.items():
        if _value is None:
            del os.environ[_name]
        else:
            os.environ[_name] = _value

Array = np.ndarray[Any, np.dtype[Any]]

__all__ = ["Array", "np"]
