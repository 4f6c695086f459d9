"""The commands of `testimony`, one module each, loaded when they are called.

Touch it where an option or a message on the screen changes. It must never decide anything that a second front
would have to decide again.
"""
