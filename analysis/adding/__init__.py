"""A launch or event more, by somebody who is no developer: checked, counted, written whole.

``python -m analysis add`` and ``python -m analysis check`` are made of this room. Nothing is
imported here, so that the options can be read without pandas.
"""
