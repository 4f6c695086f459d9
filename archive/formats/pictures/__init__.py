"""Pictures of what is stated and told: when a camp was at work, where, who was there to tell, who relies on whom, how many.

Touch it where a picture is drawn or a new kind is added; every picture is a table first, and is drawn in one colour.
It must never ask the index, show what its subject does not hold, or leave out a caveat or a source.
"""
