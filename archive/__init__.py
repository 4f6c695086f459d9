"""Keeping testimony so that it can be found, weighed and cited."""

from typing import Final

__version__: Final = "0.1.0"
