"""A stop with a sentence: the notebook shows what to do, not a page of traceback."""


class Stop(Exception):
    """Raised where the course cannot go on; its text says what was seen, what was expected, what to do."""

    def _render_traceback_(self) -> list[str]:
        """IPython asks this method, where there is one, for the lines it shows."""
        return [f"Stopped: {self}"]
