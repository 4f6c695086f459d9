"""The engine of a single machine, and the only door to Whoosh: fields, indexer, execution, ranking, facet counts.

Touch it where an answer takes too long; what a query means is decided in `archive.search`, not here.
It must never know a format, write a record, or change an answer for the sake of speed.
"""
