"""Files and nothing but files: scan, atomic durable writes, locks, manifests, the state of an index, git, encryption.

Touch it where bytes reach a disk or come from one, or where two processes meet. It must never know what a testimony means,
and no other room may put a record in its place, take a lock or start git by itself.
"""
