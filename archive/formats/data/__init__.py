"""JSON, JSON lines and CSV for programs.

Touch it where a field is added; schema 1 only grows. It must never leave out a caveat, or write a cell that a spreadsheet runs.
"""
