"""All records as one clearance sees them, the history of their files, and the faults that only show across records.

Touch it where records point at each other or where many are held at once. It must never answer a query or write a file.
"""
