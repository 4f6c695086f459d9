"""Packed segments, written and read without Whoosh; the layout is drawn in `layout`.

Touch it where bytes of the index change, and raise `FORMAT` in `archive.storage.index_state` with them. It must never hold
anything that runs when it is read, or change a file once it is written.
"""
