"""Requests to this machine go straight to it, also where the network has a proxy for all others."""

import os

NAMES = ("127.0.0.1", "localhost")


def go_straight() -> None:
    """Add this machine to those that are asked without a proxy: httpx, S3's tools and curl read it there."""
    for variable in ("NO_PROXY", "no_proxy"):
        listed = [name for name in os.environ.get(variable, "").split(",") if name.strip()]
        if "*" in listed:
            continue  # nothing goes to a proxy at all
        os.environ[variable] = ",".join([*listed, *(name for name in NAMES if name not in listed)])
