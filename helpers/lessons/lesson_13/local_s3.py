"""Plays S3 on this machine: `Cloud("models")` is a server with one empty bucket, and ends with this kernel.

What it sets in the environment, keys and address, is what a machine in the real cloud would have there. It
is moto, which keeps all objects in memory.
"""

import logging
import os

from helpers.core import localhost
import httpx
import moto.server
import s3fs

ADDRESS = "127.0.0.1"


class Cloud:
    """A running server; every tool for S3 in this kernel and in processes that it starts will ask it."""

    def __init__(self, bucket: str) -> None:
        """Start it on a free port, with an empty bucket."""
        localhost.go_straight()
        logging.getLogger("werkzeug").setLevel("ERROR")  # it would print each request
        self._server = moto.server.ThreadedMotoServer(ADDRESS, port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        os.environ["AWS_ENDPOINT_URL"] = address = f"http://{host}:{port}"
        os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
        os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "course"
        # Objects are kept by this process, and connections by s3fs: a cell that runs again starts anew.
        httpx.post(f"{address}/moto-api/reset", trust_env=False).raise_for_status()
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir(bucket)

    def stop(self) -> None:
        """The server is gone, and all objects with it. Stopping twice does nothing more."""
        self._server.stop()
