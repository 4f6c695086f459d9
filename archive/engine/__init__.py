"""The only door to Whoosh: analysis, query language, schema, indexer, searcher."""
