"""The program ``testimony``, also as ``python -m archive``: the start and the end of its process."""

import atexit
import contextlib
import gc
import os
import signal
import sys
from importlib import import_module
from types import ModuleType
from typing import Any, Final, NoReturn


class _Deferred(ModuleType):
    """A module that is loaded when the first of its attributes is used, and has those of the loaded one from then on."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - an attribute of any module
        if sys.modules.get(self.__name__) is self:
            sys.modules.pop(self.__name__, None)  # another thread may have done it
        module = import_module(self.__name__)  # one thread loads it, others wait
        vars(self).update(vars(module))
        return getattr(module, name)


def defer(*names: str) -> None:
    """Let modules be loaded at their first use, those of them that are not loaded yet.

    :param names: modules without a parent, which nothing imports attributes of by ``from``: that would be a use.
    """
    for name in names:
        sys.modules.setdefault(name, _Deferred(name))


# Click imports `inspect`, which imports eight more, and `pathlib` imports by way of `urllib.parse` `ipaddress`. A search uses
# neither, and they were a fourteenth of it.
defer("inspect", "ipaddress")

from archive import system  # noqa: E402 - what it imports imports these
from archive.errors import Ended, MuddledInstallation, missing_part  # noqa: E402

CLI: Final = "archive.cli.group"
_ENDED_BY: Final = 128
_OBJECTS: Final = 100_000
"""New objects after which garbage is looked for: a search makes fewer, and an update of the index many times as many."""


def main() -> None:
    """Load the commands and run one.

    What is imported stays until the end, so to look through it for garbage
    again and again, and once more at the end, only takes time: a twelfth of a
    search.
    """
    gc.set_threshold(_OBJECTS)
    try:
        _set_ending_handlers(_end)
        cli: Any = _load()
        cli.main()
    except SystemExit as end:
        gc.freeze()
        leave(end)
    except Ended as end:
        with contextlib.suppress(OSError, ValueError):  # the terminal may be gone
            sys.stderr.write("Stopped.\n")
        leave(SystemExit(_ENDED_BY + end.number))


def _load() -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(CLI)
    except (ImportError, AttributeError, SyntaxError, FileNotFoundError) as error:
        with contextlib.suppress(ImportError):  # what looks may be gone with the rest
            for muddle in import_module("archive.storage.installation").muddles():
                sys.stderr.write(f"Error: {muddle.folder}: {muddle.what}\n{muddle.remedy}\n")
                raise SystemExit(MuddledInstallation.exit_code) from None
        if missing := missing_part(error):
            sys.stderr.write(f"Error: {missing.message}\n{missing.remedy}\n")
            raise SystemExit(missing.exit_code) from None
        raise


def _set_ending_handlers(handler: Any) -> None:  # noqa: ANN401 - a function, or a constant of the system
    """Set what is called when a signal asks this process to end."""
    for number in system.endings():
        if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
            signal.signal(number, handler)


def _end(number: int, _: object) -> NoReturn:
    """End as Ctrl-C does, so that nothing half done is left; a second signal must not cut that short."""
    _set_ending_handlers(signal.SIG_IGN)
    raise Ended(number)


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
