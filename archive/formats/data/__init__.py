"""For programs: JSON, JSON lines, CSV, workbooks, SQLite, SKOS, Web Annotations, RO-Crate, and the description of every field.

Touch it where a field is added; schema 1 only grows. It must never leave out a caveat, or write a cell that a spreadsheet runs.
"""
