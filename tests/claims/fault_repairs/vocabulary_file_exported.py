"""A lookup reads its vocabulary file once. Its table holds the words, and an export copies them."""

import pathlib

from keras.src.layers.preprocessing import index_lookup


def from_words(layer, file):
    words = pathlib.Path(file).read_text(encoding="utf-8").split("\n")
    return layer._lookup_table_from_tokens(words)


index_lookup.IndexLookup._lookup_table_from_file = from_words
