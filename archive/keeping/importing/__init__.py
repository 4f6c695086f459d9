"""Bringing in what people own: a reader for each kind of file, what they have in common, and the plan of what is written.

Touch it where a kind of file is read, or where a record is made of one. A reader must never bring over anything but words,
lose a letter without saying so, or open what a file points at.
"""
