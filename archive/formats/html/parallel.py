"""A record's own words and those of a version in another language as a page, side by side."""

from archive.formats.html.record import side_by_side as pages

__all__ = ["pages"]
