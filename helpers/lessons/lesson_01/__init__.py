"""Lesson 01: what only this lesson needs."""
