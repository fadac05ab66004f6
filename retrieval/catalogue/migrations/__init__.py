"""The steps from one schema of the catalogue to the next, a file each; CONTRIBUTING.md says how to add one.

A revision's name is the schema it leads to. Once released it is never changed: it must still do to an old
library what it did then, so it names tables and columns itself and imports nothing of Footnote.
"""
