"""Lesson 00: what only this lesson needs."""
