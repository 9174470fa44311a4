"""`clinic.prove("P24")`: let an error happen in a new Python, cure it there, and show what was seen."""

import contextlib
import tempfile

from helpers.core import processes, texts
from helpers.tools.clinic import entries, sheet

TIME_LIMIT = 120.0  # seconds
_LONGEST = 220  # characters of an error's first line


def prove(identifier: str) -> sheet.Sheet:
    """Run the proof of an entry in an empty folder, and show the error, the cure and the code that ran.

    An entry that cannot be shown here says where it was seen.

    Raises:
        entries.UnknownEntry: there is no such entry.
    """
    entry = entries.find(identifier)
    heading = f"{entry.identifier} · {entry.title}"
    if not entry.shown:
        said = texts.words("clinic_proof_none", identifier=entry.identifier, seen=entry.seen)
        return sheet.Sheet(heading, [sheet.Part(texts.words("clinic_state"), said)])
    seen, printed = _run(entry.identifier)
    if seen is None:
        lines = printed.strip().splitlines() or [""]
        failed = texts.words("clinic_proof_failed", seen=lines[-1][:_LONGEST])
        return sheet.Sheet(heading, [sheet.Part(texts.words("clinic_state"), failed)])
    label = "mended" if entry.state == "mended" else "error" if seen["raised"] else "silent"
    return sheet.Sheet(
        heading,
        [
            sheet.Part(
                texts.words(f"clinic_proof_{label}"), "\n".join(line[:_LONGEST] for line in seen["failed"])
            ),
            sheet.Part(texts.words("clinic_proof_cure"), seen["cured"]),
            sheet.Part(texts.words("clinic_proof_code"), seen["code"], code=True, folded=True),
        ],
    )


def _run(identifier: str) -> tuple[dict | None, str]:
    """What the proof saw, and where it saw nothing why."""
    from helpers.tools.clinic import proofs  # it needs TensorFlow, which the terminal does without

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, contextlib.chdir(folder):
        result = processes.call(proofs.report, identifier, timeout=TIME_LIMIT)
    return result.answer, result.error or result.crash or result.printed
