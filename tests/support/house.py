"""The floors of the house, lowest first, and what takes its time at start."""

FLOORS = (
    ("language", "named_tuple"),
    ("errors", "text", "system"),
    ("analysis", "authority"),
    ("record",),
    ("storage", "documents"),
    ("reader",),
    ("access",),
    ("collection",),
    ("search",),
    ("citing", "engine"),
    ("weighing", "indexing"),
    ("keeping",),
    ("formats",),
    ("publishing",),
    ("archive",),
    ("web", "assistant"),
    ("cli",),
    ("__main__",),
)
"""A room imports only rooms on lower floors; rooms on one floor do not import each other."""

SLOW = (
    "pydantic",
    "yaml",
    "edtf",
    "markdown",
    "frontmatter",
    "nh3",
    "rich",
    "pypandoc",
    "archive.reader.read",
    "archive.record.dates",
    "archive.documents.pandoc",
)
"""What takes its time and is not needed to read an index."""

NOT_FOR_A_SEARCH = (
    *SLOW,
    "importlib.metadata",
    "dataclasses",
    "subprocess",
    "tempfile",
    "logging",
    "random",
    "decimal",
    "pickle",
    "ssl",
    "urllib.request",
    "difflib",
    "textwrap",
    "locale",
    "dis",  # what `inspect` imports, which is loaded where it is used
    "tokenize",
    "click.shell_completion",
    "archive.citing.pinpoint",
    "archive.citing.source",
    "archive.formats._relaxations",
    "archive.formats.text.brief_list",
    "archive.formats.text.plain",
    "archive.keeping.outcomes",
    "archive.weighing.versions",
    "archive.weighing.corroboration",
    "archive.collection.collection",
    "archive.record.alignment",
    "archive.record.paragraphs",
    "archive.record.passages",
    "archive.search.relaxing",
    "archive.storage.searches",
    "archive.indexing.update",
    "archive.collection.history",
    "archive.storage.encryption",
    "archive.storage.lock",
    "archive.engine.whoosh._schema",
    "archive.engine.whoosh.indexer",
    "archive.engine.whoosh.whoosh_reader",
    "archive.engine.whoosh.segment._segment_files",
    "archive.engine.whoosh.segment.writer",
    "archive.engine.whoosh.segment._segment_data",
    "numpy",
)
"""What a search does not need besides."""

MOST_MODULES = 99
"""Our own modules that a search loads at most: each takes a third of a millisecond, and a search a tenth of a second."""

OF_WHOOSH = {"whoosh"}
"""All that a search loads of Whoosh: the package above the stemmers."""

OF_STEMMERS = {"_archive_snowball", "_archive_snowball.english", "_archive_snowball.bases"}
"""The stemmer of English alone; see `archive.analysis.stemming`."""
