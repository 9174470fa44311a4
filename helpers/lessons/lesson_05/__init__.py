"""Lesson 05: what only this lesson needs."""
