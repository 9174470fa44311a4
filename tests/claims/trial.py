"""Try every claim in this Python and print what each run says: `python -m tests.claims.trial`.

`author elsewhere` starts it in an environment with another TensorFlow. A line of JSON for each claim: its id,
the verdict that is written down, the verdict of the run (or the error that stopped the proof), and the cases.
"""

import json
import pathlib
import tempfile

from helpers.core import backend, errors, processes

from tests.claims import book, settle, shelf


def tried(claim: book.Claim, proof: book.Proof, files: shelf.Shelf) -> dict[str, object]:
    """What a run says about one claim."""
    cases = {}
    try:
        cases = proof(files)
        verdict = settle.derive(cases, book.held_elsewhere(claim.identifier))
    except Exception as error:  # a proof that stops is a finding about that TensorFlow
        verdict = f"stops: {errors.one_line(error)}"
    return {"claim": claim.identifier, "course": claim.verdict, "there": verdict, "cases": cases}


def main() -> None:
    """Try all of them, one after the other."""
    backend.first_operation()
    claims = book.claims()
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        files = shelf.Shelf(pathlib.Path(folder).resolve())
        for identifier, proof in book.all_proofs().items():
            print(json.dumps(tried(claims[identifier], proof, files)), flush=True)
        processes.stop()


if __name__ == "__main__":
    main()
