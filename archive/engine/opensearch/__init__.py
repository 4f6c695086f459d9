"""The engine that answers from a cluster of OpenSearch: the same answers as from files, for what outgrows one machine.

Touch it where a query, a document or a request to the cluster changes. It must never ask the server
for what another room decides (words, filters, excerpts), take an answer that is not whole, or know Whoosh.
"""
