"""Files of other programs, read into blocks of words, or written: Word, OpenDocument, Hangul, PDF, workbooks, RDF.

Touch it where a document of another program is read or made; what is slow or can hang (Pandoc, a PDF) runs in a child process
with limits (`reading`). It must never know a testimony, a query or a format of ours, and never let a foreign file decide
how long we work or what we open.
"""
