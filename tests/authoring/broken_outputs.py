"""Broken in what the cells left: order, errors, streams, widgets, pictures, what changes from run to run."""

import nbformat

from tests.authoring import broken, samples


@broken.notebook("cells_ran_in_order", "lesson", at="save-keras")
def cell_never_run(one):
    broken.cell(one, "save-keras").execution_count = None


@broken.notebook("cells_ran_in_order", "solution", at="answer-2")
def cells_run_out_of_order(one):
    broken.cell(one, "answer-2").execution_count = 9


@broken.notebook("exercises_are_empty", "exercise", at="answer-1")
def exercise_with_output(one):
    broken.cell(one, "answer-1").outputs = [samples.printed("Not yet.\n")]


@broken.notebook("exercises_are_empty", "exercise", at="answer-1")
def exercise_that_was_run(one):
    broken.cell(one, "answer-1").execution_count = 2


@broken.notebook("no_error_is_left", "lesson", at="save-keras")
def error_output(one):
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no suffix", traceback=["..."])
    broken.cell(one, "save-keras").outputs = [error]


@broken.notebook("outputs_are_cleaned", "lesson", at="save-keras")
def streams_in_parts(one):
    broken.cell(one, "save-keras").outputs = [samples.printed("sav"), samples.printed("ed\n")]


@broken.notebook("outputs_are_cleaned", "lesson", at="predict-file")
def view_of_a_widget(one):
    view = {
        "application/vnd.jupyter.widget-view+json": {"model_id": "1f", "version_major": 2, "version_minor": 0}
    }
    broken.cell(one, "predict-file").outputs[0].data |= view


@broken.notebook("metadata_is_bare", "extra")
def state_of_widgets(one):
    one.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"state": {}}}


@broken.notebook("pictures_have_alt_text", "lesson", at="draw-loss")
def picture_without_alt(one):
    broken.cell(one, "draw-loss").outputs[0].metadata = {}


@broken.notebook("pictures_have_alt_text", "lesson", at="draw-loss")
def picture_with_other_text(one):
    broken.cell(one, "draw-loss").outputs[0].data["text/plain"] = "<Figure size 640x480 with 1 Axes>"


@broken.notebook("pictures_have_alt_text", "lesson", at="draw-loss")
def html_output_without_alt(one):
    broken.cell(one, "draw-loss").outputs[0].data["text/html"] = '<img src="data:,">'


@broken.notebook("compared_outputs_are_stable", "lesson", at="save-keras")
def temporary_path(one):
    broken.cell(one, "save-keras").outputs = [samples.printed("saved /var/folders/ab/tmpab12/digits.keras\n")]


@broken.notebook("compared_outputs_are_stable", "solution", at="answer-1")
def memory_address_in_html(one):
    broken.cell(one, "answer-1").outputs = [samples.shown({"text/html": "<b>object at 0x7f3a91bc2d10</b>"})]
