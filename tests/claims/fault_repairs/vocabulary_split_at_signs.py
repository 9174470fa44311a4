"""The words of a .keras are read as they are written: a line feed between two, and no other sign."""

import inspect
import textwrap

from keras.src.layers.preprocessing import index_lookup

source = textwrap.dedent(inspect.getsource(index_lookup.IndexLookup.load_assets))
assert "f.read().splitlines()" in source
exec(source.replace("f.read().splitlines()", 'f.read().split("\\n")'), vars(index_lookup))
index_lookup.IndexLookup.load_assets = index_lookup.load_assets
