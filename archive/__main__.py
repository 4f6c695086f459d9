"""The program ``testimony``, also as ``python -m archive``: the start and the end of its process."""

import atexit
import gc
import os
import sys
from importlib import import_module
from typing import Any, Final, NoReturn

CLI: Final = "archive.cli"
_OBJECTS: Final = 100_000
"""New objects after which garbage is looked for: a search makes fewer, and an update of the index many times as many."""


def main() -> None:
    """Load the commands and run one.

    What is imported stays until the end, so to look through it for garbage
    again and again, and once more at the end, only takes time: a twelfth of a
    search.
    """
    gc.set_threshold(_OBJECTS)
    cli: Any = import_module(CLI)
    try:
        cli.main()
    except SystemExit as end:
        gc.freeze()
        leave(end)


def leave(end: SystemExit) -> NoReturn:
    """End the process at once, when all that was registered for its end is done and all is printed.

    To take apart what was loaded, object by object, before the system takes the
    memory back as a whole, is a twentieth of a search. Whoever watches the
    program run, as a profiler does, has the usual end.

    :raises SystemExit: the process has to end in the usual way.
    """
    if sys.getprofile() or sys.gettrace() or not isinstance(end.code, int):
        raise end
    atexit._run_exitfuncs()  # noqa: SLF001 - the interpreter's own end does the same
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        raise end from None  # the interpreter's own end tells of what could not be printed
    os._exit(end.code)


if __name__ == "__main__":
    main()
