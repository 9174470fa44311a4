"""Draws which arguments of a layer reach its file, and what a load gives back: `drawings.arguments(...)`."""

from helpers import figures
import matplotlib.pyplot as pyplot


def arguments(
    given: dict[str, object], recorded: dict[str, object], loaded: dict[str, object], name: str
) -> None:
    """Draw a row for each argument: what the constructor was given, what the file says, what came back.

    `given`, `recorded` and `loaded` go from the argument's name to its value. An argument that the file
    does not have is marked as missing, and where the value that came back is another one, it is marked too:
    in words and in orange, so that no reader depends on the colour.
    """
    columns = ["argument", "you gave", "config.json says", "after the load"]
    figure, axis = pyplot.subplots(figsize=(8, 0.5 * len(given) + 0.7))
    for x, title in enumerate(columns):
        axis.text(x, 0, title, ha="center", va="center", fontweight="bold")
    said = []
    for y, (argument, value) in enumerate(given.items(), start=1):
        written = recorded.get(argument, "missing")
        for x, text in enumerate((argument, value, written, loaded[argument])):
            lost = (x == 2 and argument not in recorded) or (x == 3 and text != value)
            box = {"boxstyle": "round,pad=0.4", "edgecolor": "none"}
            box["facecolor"] = figures.ORANGE if lost else "#E6E6E6"
            ink = "white" if lost else "black"
            axis.text(x, y, text, ha="center", va="center", color=ink, bbox=box)
        said.append(f"{argument}: given {value}, in the file {written}, after the load {loaded[argument]}")
    axis.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(given) + 0.6, -0.6))
    axis.axis("off")
    figures.show(figure, alt=f"{name}. {'; '.join(said)}.")
