"""Excerpts with their caveats and citations, and the way back: finding, checking and quoting what was cited.

Touch it where the words of a citation or the check of one change. It must never give out words without the notes in force
and their citation, or search by itself.
"""
