"""Markdown for reports.

Touch it where a printed page of Markdown changes. It must never let words of a record act as markup.
"""
