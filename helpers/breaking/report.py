"""What the large run says at its end: two tables, and where the numbers are."""

from helpers import scratch
from helpers.breaking import damages, outcomes, recorded, results, trials
import rich.console
import rich.table


def show(found: results.Results, run: dict[str, str], console: rich.console.Console) -> None:
    """Print the tables of all results so far, and write the numbers beside them."""
    counts = recorded.counted(found.done.values())
    experiments = list(dict.fromkeys(key[0] for key in counts))
    for experiment in filter(damages.KINDS.__contains__, experiments):
        console.print(of_damage(counts, experiment))
    console.print(of_saves(counts, [one for one in experiments if one not in damages.KINDS]))
    summary = found.file.with_suffix(".toml")
    summary.write_text(recorded.as_toml(run, counts), encoding="utf-8")
    console.print(f"{len(found.done)} trials in {scratch.shown(found.file)}, summed up in {summary.name}.")


def of_damage(counts: recorded.Counts, experiment: str) -> rich.table.Table:
    """One kind of damage: a line for each format, a column for each outcome."""
    lines = rich.table.Table("format", *outcomes.OF_DAMAGE, title=experiment)
    for kind in trials.KINDS:
        numbers = [counts[(experiment, "plain", kind, outcome)] for outcome in outcomes.OF_DAMAGE]
        lines.add_row(kind, *(str(number or "") for number in numbers))
    return lines


def of_saves(counts: recorded.Counts, experiments: list[str]) -> rich.table.Table:
    """Interrupted saves: a line for each way and format, and how many of them lost the model."""
    lines = rich.table.Table("way", "format", *experiments, title="models lost while saving")
    groups = dict.fromkeys(key[1:3] for key in counts if key[0] in experiments)
    for group in sorted(groups, key=lambda group: (group[0], trials.KINDS.index(group[1]))):
        lines.add_row(*group, *(_lost(counts, (experiment, *group)) for experiment in experiments))
    return lines


def _lost(counts: recorded.Counts, group: tuple[str, str, str]) -> str:
    lost, total = recorded.lost(counts, group)
    return f"{lost} of {total}" if total else ""
