"""Answers that learners give to the exercises of lesson 00."""

WRONG = {
    "00.1": [("", "640", "pairs"), ("", "74", "other")],
}

RIGHT = {
    "00.1": [("", "64 * 10 + 10"), ("", "650.0")],
}
