"""Lesson 04: what only this lesson needs."""
