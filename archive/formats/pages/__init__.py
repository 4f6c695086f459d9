"""The pages of the reading room and of the published edition: one set for both, each a function from values to a page.

Touch it where a page changes that people read in a browser, or where a kind of page is added.
It must never write words without their caveats and their citation, ask anything, or know who serves it.
"""
