"""Broken in what the file holds: ids, metadata, marks, links, pictures in text."""

from tests.authoring import broken


@broken.notebook("metadata_is_bare", "lesson")
def old_format(one):
    one.nbformat_minor = 4


@broken.notebook("ids_are_words", "exercise", at="3f2a91bc")
def random_id(one):
    broken.cell(one, "answer-1").id = "3f2a91bc"


@broken.notebook("ids_are_words", "lesson", at="Save_Keras")
def id_with_capitals(one):
    broken.cell(one, "save-keras").id = "Save_Keras"


@broken.notebook("ids_are_words", "lesson", at="save")
def same_id_twice(one):
    broken.cell(one, "saved").id = "save"


@broken.notebook("metadata_is_bare", "lesson")
def version_of_python(one):
    one.metadata.language_info.version = "3.11.7"


@broken.notebook("metadata_is_bare", "solution")
def another_kernel(one):
    one.metadata.kernelspec.name = "my-env"


@broken.notebook("metadata_is_bare", "lesson", at="save-keras")
def execution_times(one):
    broken.cell(one, "save-keras").metadata.execution = {"iopub.status.busy": "2026-01-01T10:00:00Z"}


@broken.notebook("comparison_is_only_off_where_allowed", "lesson", at="save-keras")
def uncompared_cell(one):
    broken.cell(one, "save-keras").metadata.tags = ["nbval-ignore-output"]


@broken.notebook("comparison_is_only_off_where_allowed", "lesson", at="save-keras")
def uncompared_by_comment(one):
    broken.cell(one, "save-keras").source += "\n# NBVAL_IGNORE_OUTPUT"


@broken.notebook("comparison_is_only_off_where_allowed", "solution", at="answer-2")
def skipped_cell(one):
    broken.cell(one, "answer-2").metadata.tags = ["nbval-skip"]


@broken.notebook("comparison_is_only_off_where_allowed", "extra", at="machine-check")
def cell_that_may_fail(one):
    broken.cell(one, "machine-check").metadata.tags = ["raises-exception"]


@broken.notebook("print_tags_are_known", "extra", at="machine-check")
def tag_that_no_printer_knows(one):
    broken.cell(one, "machine-check").metadata.tags = ["print-nothing"]


@broken.notebook("print_tags_are_known", "lesson", at="save")
def text_with_such_a_tag(one):
    broken.cell(one, "save").metadata.tags = ["print-both"]


@broken.notebook("solutions_are_marked", "exercise", at="task-1")
def explanation_in_exercise(one):
    broken.cell(one, "task-1").metadata.tags = ["solution"]


@broken.notebook("solutions_are_marked", "lesson", at="save-keras")
def mark_in_lesson(one):
    broken.cell(one, "save-keras").source += "\n### BEGIN SOLUTION"


@broken.notebook("pictures_have_alt_text", "lesson", at="draw")
def markdown_picture_without_alt(one):
    broken.replace(one, "draw", "![The three parts of a saved model]", "![]")


@broken.notebook("pictures_have_alt_text", "extra", at="title")
def html_picture_with_short_alt(one):
    broken.cell(one, "title").source += '\n\n<img src="data:," alt="figure 1">'


@broken.notebook("links_resolve", "lesson", at="saved")
def link_to_no_heading(one):
    broken.replace(one, "saved", "#The-question", "#the-question")


@broken.notebook("links_resolve", "lesson", at="saved")
def link_to_no_heading_elsewhere(one):
    broken.replace(one, "saved", "#The-question", "02_second.ipynb#No-such-heading")


@broken.notebook("links_resolve", "exercise", at="task-1")
def link_to_no_file(one):
    broken.cell(one, "task-1").source += " [Help](../notebooks/03_third.ipynb)"


@broken.notebook("links_resolve", "extra", at="title")
def picture_that_is_not_there(one):
    broken.cell(one, "title").source += "\n\n![A picture of the whole course](course.png)"


@broken.notebook("links_resolve", "extra", at="title")
def link_in_another_spelling(one):
    broken.cell(one, "title").source += "\n\n[First](01_First.ipynb)"


@broken.notebook("links_resolve", "extra", at="title")
def absolute_link(one):
    broken.cell(one, "title").source += "\n\n[First](/notebooks/01_first.ipynb)"
