"""What speaks for and against: claims, independent sources, corroboration, comparison, versions, the dossier.

Touch it where testimonies are held against each other. It must never give a verdict on a witness, count two accounts
of one source as two, or write anything.
"""
