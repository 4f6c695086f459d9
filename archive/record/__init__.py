"""The testimony as plain frozen values: header, paragraphs, passages with the notes in force, hashes, dates, works.

Touch it where the meaning of a field, a date or a note changes. It must never open a file, know an index,
or decide who may read what.
"""
