"""The edition of a collection for everybody: its public pages as files that need no server, in a folder or behind an address.

Touch it where an edition gets other pages or files, or where it is decided how a folder comes to hold them.
It must never read more than the public may, send anything, or write over a folder that is not such an edition.
"""
