"""Word processors' files that we write: remarks in the margin of a document that was checked.

Touch it where such a file is made. It must never change a word of what somebody else wrote, and never leave a caveat out.
"""
