"""Makes those modules of the package that are told by the data in `schema/`.

`python -m generate`, in the folder above this one, writes them anew. They are
kept beside the others, so that they can be read and stepped through; a test sees
to it that they are what the data gives.
"""
