"""The reading room in a browser, on the desk of one person: pages of the collection, asked for through `Archive` alone.

Touch it where what a page is made of changes, or how the room is kept shut; how a page looks is in `archive.formats.pages`.
It must never listen beyond this machine, change anything, write a log, or show more than the clearance it was opened with.
"""
