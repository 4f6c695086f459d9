"""What changes records: new ones, notes, rebinding, edits, sealing, bags, and the diagnosis of all that.

Touch it where a keeper's command writes. Only this room writes a record; it must never write over what it has not just read,
or lose a line that it does not understand.
"""
