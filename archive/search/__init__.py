"""The question and the answer: the model, filters, query language, names; the same for every engine.

Touch it where what a query means changes. It must never know how an index is laid out, import an engine,
or read records around their clearance.
"""
