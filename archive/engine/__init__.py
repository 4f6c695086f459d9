"""What every engine shares: the plan of a query, attributes of passages, stored documents, highlighting.

Touch it where an engine beside Whoosh would need the same. The modules here must never import an engine,
and engines never import each other.
"""
