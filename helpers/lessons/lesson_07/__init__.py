"""Lesson 07: what only this lesson needs."""
