"""Lesson 08: what only this lesson needs."""
