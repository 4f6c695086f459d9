"""The index kept equal to the collection: update, rebuild, and the copy of the authorities beside it.

Touch it where a change of files must reach an index. Only this room and `archive.engine` write an index;
it must never write a record.
"""
