"""From bytes to a Testimony, or to every fault at once with file and line; authority files likewise.

Touch it where the record format changes: the schema is in `_header`, its rules in `_rules`. It must never give out
a record that is half read, stop at the first fault, or decide who may see it.
"""
