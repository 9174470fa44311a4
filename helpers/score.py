"""What a learner got right, before and after: counts, a picture, and a summary to hand on."""

from helpers import figures
from helpers.core import progress, texts
import matplotlib.pyplot as pyplot


def counts(identifiers: list[str], answers: dict[str, list[dict]]) -> dict[str, int]:
    """How many of these items there are, how many are answered, were right at first, and are right now."""
    given = [answers[identifier] for identifier in identifiers if identifier in answers]
    return {
        "all": len(identifiers),
        "answered": len(given),
        "first": sum(one[0]["right"] for one in given),
        "now": sum(one[-1]["right"] for one in given),
    }


def by_lesson() -> dict[str, dict[str, int]]:
    """The counts of each lesson with an answer, by its number such as "04"."""
    items, answers = texts.table("quiz"), progress.read()["quiz"]
    lessons = sorted({identifier.split(".")[0] for identifier in items})
    table = {
        lesson: counts([key for key in items if key.split(".")[0] == lesson], answers) for lesson in lessons
    }
    return {lesson: found for lesson, found in table.items() if found["answered"]}


def picture() -> None:
    """Draw, lesson by lesson, how many questions you got right at the first try, and how many in the end."""
    table = by_lesson()
    if not table:
        print(texts.words("score_none"))
        return
    figure, axis = pyplot.subplots(figsize=(8, 0.55 * len(table) + 1.2))
    for place, found in enumerate(table.values()):
        axis.barh(place, found["all"], height=0.8, facecolor="none", edgecolor=figures.GREY)
        axis.barh(
            place - 0.18, found["first"], height=0.32, color=figures.ORANGE, hatch="//", edgecolor="white"
        )
        axis.barh(place + 0.18, found["now"], height=0.32, color=figures.BLUE)
    handles = [
        pyplot.Rectangle((0, 0), 1, 1, facecolor=figures.ORANGE, hatch="//", edgecolor="white"),
        pyplot.Rectangle((0, 0), 1, 1, facecolor=figures.BLUE),
        pyplot.Rectangle((0, 0), 1, 1, facecolor="none", edgecolor=figures.GREY),
    ]
    names = [texts.words(key) for key in ("score_first", "score_now", "score_all")]
    axis.legend(handles, names, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)
    axis.set_yticks(range(len(table)), [texts.words("score_lesson", lesson=lesson) for lesson in table])
    axis.set_xticks(range(0, max(found["all"] for found in table.values()) + 1, 2))
    axis.set(xlabel=texts.words("score_axis"))
    axis.invert_yaxis()
    axis.spines[["top", "right"]].set_visible(False)
    lines = [texts.words("score_alt", lesson=lesson, **found) for lesson, found in table.items()]
    figures.show(figure, " ".join(lines))


def summary() -> None:
    """Print how far you are with the questions, in lines you can hand to a teacher. It names nobody."""
    items, answers = texts.table("quiz"), progress.read()["quiz"]
    found = counts(list(items), answers)
    if not found["answered"]:
        print(texts.words("score_none"))
        return
    times = sorted(answer["at"][:10] for key in items for answer in answers.get(key, []))
    print(texts.words("summary_deck", begin=times[0], end=times[-1], **found))
    for lesson, part in by_lesson().items():
        print(texts.words("summary_lesson", lesson=lesson, **part))
    missed = [key for key in items if key in answers and not answers[key][-1]["right"]]
    if missed:
        print(texts.words("summary_missed"))
    for identifier in missed:
        print(f"  {identifier}: {items[identifier]['prompt'].splitlines()[0]}")
