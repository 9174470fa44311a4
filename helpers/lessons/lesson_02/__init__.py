"""Lesson 02: what only this lesson needs."""
