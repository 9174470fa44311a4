"""Deliberately broken notebooks: each is a valid one with one change, and names the rule that must refuse it.

A change is a function under `notebook` or `folder`; it breaks what it is given in place.
"""

import collections.abc
import dataclasses

import nbformat


@dataclasses.dataclass(frozen=True)
class Broken:
    """One change: what it breaks, the rule that must see it, and the place the rule must name."""

    rule: str
    base: str
    at: str
    change: collections.abc.Callable

    def __str__(self) -> str:
        return f"{self.rule}-{self.change.__name__}"


notebooks: list[Broken] = []
folders: list[Broken] = []


def notebook(rule: str, base: str, at: str = "") -> collections.abc.Callable:
    """Register a change of the valid lesson, extra, exercise or solution; `at` is the cell to be named."""

    def register(change: collections.abc.Callable) -> collections.abc.Callable:
        notebooks.append(Broken(rule, base, at, change))
        return change

    return register


def folder(rule: str, at: str) -> collections.abc.Callable:
    """Register a change of a whole valid course; `at` is the file, with its cell, to be named."""

    def register(change: collections.abc.Callable) -> collections.abc.Callable:
        folders.append(Broken(rule, "course", at, change))
        return change

    return register


def cell(one: nbformat.NotebookNode, identifier: str) -> nbformat.NotebookNode:
    """The cell with this id."""
    return next(cell for cell in one.cells if cell.id == identifier)


def replace(one: nbformat.NotebookNode, identifier: str, old: str, new: str) -> None:
    """Change the text of a cell; the old text must be there."""
    assert old in cell(one, identifier).source
    cell(one, identifier).source = cell(one, identifier).source.replace(old, new)


def remove(one: nbformat.NotebookNode, *identifiers: str) -> None:
    """Take cells out; they must be there."""
    for identifier in identifiers:
        one.cells.remove(cell(one, identifier))


def swap(one: nbformat.NotebookNode, first: str, second: str) -> None:
    """Exchange two cells."""
    places = [one.cells.index(cell(one, identifier)) for identifier in (first, second)]
    one.cells[places[0]], one.cells[places[1]] = one.cells[places[1]], one.cells[places[0]]
