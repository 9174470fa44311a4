"""Parses protobuf messages: fields and values, no code. TensorFlow's own classes say what the fields are."""

import collections.abc
import contextlib
import pathlib
import sys
import typing

from google.protobuf import message
from helpers.tools.anatomy import finding

Kind = typing.TypeVar("Kind", bound=message.Message)


def parsed(kind: type[Kind], content: bytes) -> Kind:
    """A message of one kind.

    Raises:
        ValueError: the bytes are no such message, or it would take more memory than any model's.
    """
    found = kind()
    try:
        with _memory(len(content)):
            found.ParseFromString(content)
    except (message.DecodeError, MemoryError) as error:
        # The parser says the same to both.
        or_larger = ", or it unfolds to more memory than any model's" if len(content) >= finding.PIECE else ""
        raise ValueError(f"it is no message of the kind expected there{or_larger}") from error
    return found


@contextlib.contextmanager
def _memory(size: int) -> collections.abc.Iterator[None]:
    """Let this process grow no further than agreed in the block, where the system can hold it to that.

    Fifty megabytes of empty parts unfold to gigabytes. A small message cannot, and is not worth the trouble.
    """
    if sys.platform != "linux" or size < finding.PIECE:
        yield
        return
    import resource

    pages = int(pathlib.Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    before = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + finding.PARSED
    if before[0] != resource.RLIM_INFINITY:
        limit = min(limit, before[0])
    resource.setrlimit(resource.RLIMIT_AS, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
