"""Entries of reference managers and citation styles: CSL JSON, BibLaTeX, RIS, RDF of Zotero, styled text.

Touch it where a field of a reference manager changes. It must never put a caveat where a style would drop it.
"""
