"""Plain text for a terminal.

Touch it where a screen of words changes; lines are for people and may change between versions. It must never be parsed
by a program, and never print a character that steers a terminal.
"""
