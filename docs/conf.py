"""Settings of the documentation site: `python -m nox -s docs` builds it into `build/site`, every warning an error."""

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

project = "Testimony archive"
author = copyright = "the authors of the testimony archive"  # noqa: A001 - the name that Sphinx reads

extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["README.md"]

myst_heading_anchors = 3
# What a page of the repository links to outside of `docs/` (the README, a test, a licence) is offered as the file itself.
myst_all_links_external = False
suppress_warnings = ["myst.header"]

# Types of rooms that are private have no page to point at.
nitpick_ignore_regex = [("py:.*", ".*")]
autodoc_typehints = "signature"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = "Testimony archive"
html_copy_source = False
html_show_sphinx = False
# The reader's own fonts, so that a page asks nobody for anything.
html_theme_options = {
    "light_css_variables": {"font-stack": "system-ui, sans-serif", "font-stack--monospace": "ui-monospace, monospace"},
}

# Drawings are Mermaid in a fence, which the pages of a repository draw; the site shows their source and the table beside it.
lexers["mermaid"] = TextLexer()
