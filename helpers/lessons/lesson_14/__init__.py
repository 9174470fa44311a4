"""Lesson 14: what only this lesson needs."""
