"""The server for an assistant: a program that asks over MCP on standard streams and gets public passages with their caveats.

Touch it where a tool is added, or what an answer is made of changes; what stands in a passage is in `archive.formats`.
It must never change anything, show what is not public, give words without their caveats and citation, or speak on the net.
"""
