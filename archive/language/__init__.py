"""In which language the program speaks to a person: the catalogues of messages, and which of them holds.

Touch it where a language is added, or where a message is looked up. It must never be asked for what a program reads:
keys, ids, codes, citations and the files of records are the same in every language.
"""
