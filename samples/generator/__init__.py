"""Writes the sample corpora: grammars and texts in, three file formats and the truth out."""
