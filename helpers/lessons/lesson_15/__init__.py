"""Lesson 15: what only this lesson needs."""
