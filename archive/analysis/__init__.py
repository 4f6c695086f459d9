"""What a word is: tokens, folding, stems, both spellings of Korean, positions.

Touch it where a word of a record and a word of a question have to meet: the index, the query language,
highlighting and the check of redactions all ask here. It must never know a record, an index or a format:
a second rule of what a word is would hide passages.
"""
