"""How much of a file from somebody else is read. A declared size is a claim, checked before it is used."""

CONFIG = 16 * 2**20  # bytes of one JSON text, held in memory
GRAPH = 64 * 2**20  # bytes of a saved_model.pb, held in memory
INDEX = 16 * 2**20  # bytes of a checkpoint's index, held in memory
SHARED_KEY = 4096  # characters of one name in an index
CHECKED = 2**30  # bytes read, in pieces, to compare a checksum; beyond it the finding says "not checked"
UNPACKED = 256 * 2**20  # bytes one compressed member may claim, if it is packed a hundred times smaller
EXPANSION = 100
TEXTS = 1_000_000  # texts in one array of a checkpoint that are compared with their checksum
MEMBERS = 10_000  # members of a zip, files of a folder
DIRECTORY = 4 * 2**20  # bytes of a zip's own list of members
OBJECTS = 20_000  # groups and arrays of an HDF5 file, arrays of a checkpoint
HDF5_SECONDS = 60.0  # until the process that reads an HDF5 file is ended
HDF5_WORK = 5  # seconds of computing it may take, where the system counts them
HDF5_MEMORY = 2 * 2**30  # bytes of address space it may take, where the system counts them
PIECE = 2**22  # bytes read at a time
HEAD = 4096  # bytes that tell what a file is
