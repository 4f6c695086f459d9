"""``python -m archive`` is the program ``testimony``."""

from archive.cli import main

if __name__ == "__main__":
    main()
