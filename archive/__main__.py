"""The program ``testimony``, also as ``python -m archive``: the start and the end of its process."""

import gc
from importlib import import_module
from typing import Any, Final

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
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
