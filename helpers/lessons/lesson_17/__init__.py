"""Lesson 17: what only this lesson needs."""
