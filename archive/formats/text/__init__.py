"""Text for people: the list of hits, and what the program says in plain words.

Touch it where the layout of a terminal changes. It must never leave out a caveat in force, and what it
prints has to be read again by `archive.citing.printed_list`, which compares a list of ours with the records.
"""
