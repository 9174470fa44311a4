"""Lesson 09: what only this lesson needs."""
