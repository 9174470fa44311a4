"""Parses protobuf messages: fields and values, no code. TensorFlow's own classes say what the fields are."""

import typing

from google.protobuf import message

Kind = typing.TypeVar("Kind", bound=message.Message)


def parsed(kind: type[Kind], content: bytes) -> Kind:
    """A message of one kind.

    Raises:
        ValueError: the bytes are no such message.
    """
    found = kind()
    try:
        found.ParseFromString(content)
    except message.DecodeError as error:
        raise ValueError("it is no message of the kind expected there") from error
    return found
