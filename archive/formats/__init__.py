"""From answers to text: one registry, shared wording and sinks, and a folder for each family of formats.

Touch it where something reads differently on paper or in a file; a family imports the shared modules alone.
It must never ask the index, read a file, or print words without their caveats and citation.
"""
