"""What the archive has agreed on: controlled terms, facilities, works and conflicts; the shipped YAML lies in `data/`.

Touch it where a spelling, a label or the lookup of a name changes; another collection or country is data, not code.
It must never read YAML or a record by itself, and no module may name a camp, a country or a language.
"""
