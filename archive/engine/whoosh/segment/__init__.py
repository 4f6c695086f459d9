"""Packed segments: our codec, its files, and a reader without Whoosh; the layout is drawn in `layout`.

Touch it where bytes of the index change, and raise the version of the format with them. It must never hold anything that runs
when it is read, or change a file once it is written.
"""
