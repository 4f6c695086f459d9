"""Foreign files made by foreign programs, here Pandoc in child processes with limits, and rdflib.

Touch it where a document of another program is read or made. It must never know a testimony, a query or a format of ours,
and never let a foreign file decide how long we work or what we open.
"""
