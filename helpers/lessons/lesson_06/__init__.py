"""Lesson 06: what only this lesson needs."""
