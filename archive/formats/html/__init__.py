"""HTML pages that stand alone.

Touch it where a page for a browser changes. It must never hold a script or ask anything of the net.
"""
