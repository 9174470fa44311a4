"""Each claim of the two articles as a test: what they say, whether it holds, and a run that settles it.

`claims.toml` holds the 84 claims by id, in our own words: A01 to A28 are from the first article, B01 to B56
from the second. `proofs/` holds a function for each id that a run can settle. A proof does not assert the
verdict. It tries cases on the installed TensorFlow and tells for each whether the claim, as worded, held:

    def b07(shelf):  # "`model.save("path")` saves a model."
        return {"a Sequential": not trying.refused(lambda: model.save(path), ValueError, "extension"), ...}

Where experiments of lessons try the same, a proof names their quiz items, and runs nothing else:

    b45 = settled({"save_weights, then load_model": "not 02.deck.filename"})

`settle.derive` makes the verdict out of the cases, and the test compares it with the written one:

- true: the claim held in every case.
- condition: it held in some and not in others. The entry's `condition` says what it depends on.
- outdated: it held in none, and it did hold in a case recorded on an older version.
- false: it held in none, here or in any recorded case.
- untested: no run can settle it. There is no proof, and the entry's `note` says why.

When a new TensorFlow changes a verdict, the test names the claim, its cases and the lesson to be rewritten.

To add a claim:

1. Give it the next id in `claims.toml`: article, section, claim (one sentence of ours), verdict, and what its
   verdict needs: `condition`, or `note`. `teach` is what we say instead. `seen_in` names the cell of a lesson
   that shows it, as in "04_formats#open-files": every claim has one, and it prints or draws something.
2. Write the proof as a function named like the id, in lower case, in the file of `proofs/` on its subject.
   First look for an experiment that settles the sentence: then the proof is `settled`, as above.
   It gets a `shelf.Shelf`: files saved once for all proofs, and `shelf.place()`, an empty folder. Return at
   least two cases for a claim that is true, one that holds and one that does not for a condition.
3. Say exactly which error counts as a refusal, with `trying.refused`: any other error must reach the test,
   so that a slip in the proof is not taken for a failing of TensorFlow. What has to hold for a case to mean
   anything is asserted.
4. If the verdict concerns another version too, add the cases to `elsewhere/record.py`, run it with that
   version (it needs nothing but TensorFlow) and say in `elsewhere` what it wrote. What it writes are recorded
   results with their versions. The files of TensorFlow 2.15 that proofs load were written by it, too.
5. Break it once: a changed function of Keras must change the verdict. `test_claims_can_fail.py` has
   examples to copy.
"""
