"""Who may read what, and how a record reads to them; what a public record would tell of a closed one.

Touch it where a clearance, an embargo or a redaction changes. It must never write, and nothing may be read around it:
what it withholds no other room has ever seen.
"""
