"""What nbgrader uses of ours: it completes hand-ins that lack its marks, and exports points by task.

Learners who hand in `exercises/04_formats.ipynb` hand in the right cells without nbgrader's marks. nbgrader
by itself gives 0 points for that and says nothing.
"""

import csv
import pathlib

from nbconvert.exporters import exporter
import nbformat
from nbgrader import api, preprocessors
from nbgrader.converters import autograde, base
from nbgrader.plugins import export
import traitlets

PLAIN = {"schema_version": 3, "task": False}
REFUSED = (
    "{student}: this notebook has none of the answer cells of {assignment}, so it cannot be graded. "
    "Ask for the file that was released, or for the course's own exercises/{assignment}.ipynb."
)


class Complete(preprocessors.NbGraderPreprocessor):
    """Gives a submission the marks and hidden tests it lacks, by the ids of its cells."""

    enabled = traitlets.Bool(True)

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: exporter.ResourcesDict
    ) -> tuple[nbformat.NotebookNode, exporter.ResourcesDict]:
        """Complete a notebook.

        Raises:
            base.NbGraderException: it has no answer cell of this assignment.
        """
        facts = resources["nbgrader"]
        with api.Gradebook(facts["db_url"]) as gradebook:
            assigned = gradebook.find_notebook(facts["notebook"], facts["assignment"])
            answers = [cell.name for cell in assigned.solution_cells]
            points = {cell.name: cell.max_score for cell in assigned.grade_cells}
        known = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells}
        if points.keys() <= known:
            return nb, resources
        found = {}
        for cell in nb.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id")
            if name in answers and cell.cell_type == "code":
                found[name] = cell
        if not found:
            raise base.NbGraderException(
                REFUSED.format(student=facts["student"], assignment=facts["assignment"])
            )
        for name, cell in found.items():
            cell.metadata.nbgrader = nbformat.from_dict(
                {**PLAIN, "grade_id": name, "grade": False, "locked": False, "solution": True}
            )
        for name in sorted(points.keys() - known):
            test = nbformat.v4.new_code_cell("", id=name)  # nbgrader puts the hidden test back
            test.metadata.nbgrader = nbformat.from_dict(
                {**PLAIN, "grade_id": name, "grade": True, "locked": True, "solution": False}
                | {"points": points[name], "cell_type": "code"}
            )
            answer = found.get(name.replace("points", "answer"))
            place = nb.cells.index(answer) + 1 if answer is not None else len(nb.cells)
            nb.cells.insert(place, test)
        self.log.info("%s handed in a file without nbgrader's marks; it was completed.", facts["student"])
        return nb, resources


def sanitizers() -> list[type]:
    """The steps of nbgrader before it runs a submission, with ours first."""
    return [Complete, *autograde.Autograde().sanitize_preprocessors]


class Points(export.ExportPlugin):
    """grades.csv with a column for each task, besides the total."""

    def export(self, gradebook: api.Gradebook) -> None:
        """Write a line for each learner and assignment; a task that nobody handed in is empty."""
        rows = []
        for assignment in gradebook.assignments:
            if self.assignment and assignment.name not in map(str, self.assignment):
                continue
            for student in gradebook.students:
                if self.student and student.id not in map(str, self.student):
                    continue
                row = {"assignment": assignment.name, "student_id": student.id}
                row |= {"score": 0.0, "max_score": assignment.max_score}
                try:
                    submission = gradebook.find_submission(assignment.name, student.id)
                except api.MissingEntry:
                    submission = None
                if submission is not None:
                    row["score"] = max(0.0, submission.score - submission.late_submission_penalty)
                    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
                    row |= {grade.name.replace("points-", "task "): grade.score for grade in grades}
                rows.append(row)
        names = {name: None for row in rows for name in row}
        tasks = sorted((name for name in names if name.startswith("task ")), key=lambda name: int(name[5:]))
        header = ["assignment", "student_id", "score", "max_score", *tasks]
        with pathlib.Path(self.to or "grades.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
