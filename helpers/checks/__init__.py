"""What the exercises accept. Exercise "02.3" is judged by `task_3` in `lesson_02.py`, which gets the
learner's values and returns a `Verdict`: "correct", or the name of a mistake whose text is data.

A judge compares behaviour, so that any right way passes. It may raise; `check` turns that into words.
"""
