"""Lesson 03: what only this lesson needs."""
