"""Errors as a learner reads them: a stop with a sentence, and any other in one line."""


class Stop(Exception):
    """Raised where the course cannot go on; its text says what was seen, what was expected, what to do."""

    def _render_traceback_(self) -> list[str]:
        """IPython asks this method, where there is one, for the lines it shows."""
        return [f"Stopped: {self}"]


def one_line(error: BaseException) -> str:
    """Class and first line of an error, as in "ValueError: File not found: filepath=a.keras"."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0].strip()}" if text else type(error).__name__
