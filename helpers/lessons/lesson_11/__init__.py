"""Lesson 11: what only this lesson needs."""
