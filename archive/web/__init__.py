"""The reading room and the keeper's desk in a browser, on the machine of one person: pages asked for through `Archive` alone.

Touch it where what a page is made of changes, or who may open it; how a page looks is in `archive.formats.pages`.
It must never listen beyond this machine, write a log, show more than the clearance it was opened with, or change anything
but by a method of `Archive` that a form of the desk asks for.
"""
