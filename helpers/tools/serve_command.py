"""`course --serve STORE`: serve a store of versions from a shell."""

import argparse
import logging
import pathlib
import re
import sys

ADDRESS, PORT = "127.0.0.1", 8501  # the port is TensorFlow Serving's
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


def main(store: str, arguments: list[str]) -> int:
    """Serve a store until Ctrl-C or SIGTERM; then answer what is under way. Returns the exit code."""
    parser = argparse.ArgumentParser("course --serve STORE", allow_abbrev=False, description=__doc__)
    parser.add_argument(
        "--name", help="what clients call the model; without it, the name of the store's folder"
    )
    parser.add_argument("--host", default=ADDRESS, help=f"where to listen ({ADDRESS}: this machine only)")
    parser.add_argument("--port", type=int, default=PORT, help=f"{PORT}, as TensorFlow Serving")
    chosen = parser.parse_args(arguments)
    name = chosen.name or pathlib.PurePosixPath(store.replace("\\", "/")).name
    if not _NAME.fullmatch(name):
        return _refuse(
            f"{name!r} is no name for a model in an address. Expected: --name with letters, digits, _ . -"
        )
    if "://" not in store and not pathlib.Path(store).is_dir():
        return _refuse(f"There is no folder {store!r}. Expected: a folder with versions, such as {store}/1.")
    # Only now: the service needs TensorFlow, and a typo is answered without it.
    from helpers.tools.serving import connections, web

    try:
        listener = connections.listener(chosen.host, chosen.port)
    except (OSError, OverflowError) as error:
        return _refuse(
            f"Nothing can listen at {chosen.host}:{chosen.port} ({error}). Another --port may be free."
        )
    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING, stream=sys.stderr
    )
    address = f"http://{chosen.host}:{listener.getsockname()[1]}/v1/models/{name}"
    server = connections.server(web.application(name, store), log_level="warning")
    print(f"{store} is served at {address}. Stop it with Ctrl-C.", flush=True)
    server.run(sockets=[listener])
    return 0


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2
