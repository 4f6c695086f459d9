"""An engine that answers in a reader's browser, without a server: scripts, and files for them that hold numbers of passages.

Touch it where the search of a published page is to answer as the other engines do: each rule in a script names its function.
It must never hold the words of a passage in their order: what is shown are whole articles, which another room writes.
"""
