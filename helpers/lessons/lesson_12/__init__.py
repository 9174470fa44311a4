"""Lesson 12: what only this lesson needs."""
