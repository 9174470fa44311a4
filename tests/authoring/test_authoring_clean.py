"""Cleaning takes out what a kernel leaves beside text and pictures, and changes nothing that is compared."""

import copy
import pathlib

from helpers.authoring.notebooks import clean
import nbformat
import nbval.plugin
import pytest

from tests.authoring import broken, samples

VIEW = {"model_id": "1f", "version_major": 2, "version_minor": 0}


def cleaned(*outputs, source="print(1)"):
    """The outputs of a cell after cleaning."""
    cell = samples.code("one", source, *outputs)
    cell.execution_count = 3
    notebook = nbformat.v4.new_notebook(cells=[cell])
    return clean.clean(notebook).cells[0].outputs


def test_parts_of_a_stream_are_joined_around_other_outputs():
    shown = samples.shown({"text/plain": "a figure"})
    outputs = cleaned(samples.printed("a\n"), shown, samples.printed("b\n"))
    assert outputs == [samples.printed("a\nb\n"), shown]


def test_stdout_comes_before_stderr():
    outputs = cleaned(samples.printed("warning\n", "stderr"), samples.printed("a\n"))
    assert [output.name for output in outputs] == ["stdout", "stderr"]


def test_a_line_written_over_keeps_its_last_form():
    assert cleaned(samples.printed("10 %\r20 %\r30 %\n"))[0].text == "30 %\n"


def test_the_view_of_a_widget_goes_and_its_text_stays():
    data = {clean.WIDGET_VIEW: VIEW, "text/html": "<p>Which?</p>", "text/plain": "Which?"}
    assert cleaned(samples.shown(data))[0].data == {"text/html": "<p>Which?</p>", "text/plain": "Which?"}


def test_an_output_of_nothing_but_a_view_goes():
    assert cleaned(samples.shown({clean.WIDGET_VIEW: VIEW}), samples.printed("")) == []


def test_the_alternative_text_stays_in_the_metadata():
    metadata = {"image/png": {"alt": samples.PICTURE}, "transient": {"display_id": "7"}}
    assert cleaned(samples.shown(samples.LOSS, metadata))[0].metadata == {
        "image/png": {"alt": samples.PICTURE}
    }


def test_an_empty_cell_has_no_count():
    notebook = nbformat.v4.new_notebook(cells=[samples.code("one", " \n")])
    notebook.cells[0].execution_count = 4
    assert clean.clean(notebook).cells[0].execution_count is None


def test_a_result_has_the_count_of_its_cell():
    result = nbformat.v4.new_output("execute_result", data={"text/plain": "1"}, execution_count=1)
    assert cleaned(result)[0].execution_count == 3


def test_metadata_keep_tags_only():
    notebook = samples.lesson("01_first")
    before = copy.deepcopy(notebook)
    notebook.metadata.language_info.version = "3.11.7"
    notebook.metadata.widgets = {}
    broken.cell(notebook, "set-up").metadata.execution = {}
    broken.cell(notebook, "title").metadata.tags = []
    assert clean.clean(notebook) == before


def test_cleaning_twice_changes_nothing():
    once = clean.clean(samples.lesson("01_first"))
    assert clean.clean(once) == once


@pytest.fixture
def nbval_compares(request):
    """nbval's own comparison of two lists of outputs."""
    file = nbval.plugin.IPyNbFile.from_parent(request.session, path=pathlib.Path(__file__))
    cell = nbval.plugin.IPyNbCell.from_parent(file, name="one", cell_num=0, cell=None, options={})
    return cell.compare_outputs


def test_nbval_does_not_compare_the_view_of_a_widget(nbval_compares):
    bare = samples.shown({"text/plain": "Which?"})
    full = samples.shown({"text/plain": "Which?", clean.WIDGET_VIEW: VIEW})
    assert nbval_compares([full], [bare])
    assert not nbval_compares([samples.shown({"text/plain": "What?"})], [bare])


def test_the_folder_of_a_build_is_named_as_the_learner_sees_it():
    notebook = nbformat.v4.new_notebook(cells=[samples.code("one", "1", samples.printed("in /t/x1/a\n"))])
    assert clean.without_folder(notebook, "/t/x1", "scratch").cells[0].outputs[0].text == "in scratch/a\n"


def drawn(picture: str, alt: str = samples.PICTURE, above: str = 'model.save("digits.keras")'):
    """The valid lesson with another picture."""
    notebook = samples.lesson("01_first")
    broken.cell(notebook, "save-keras").source = above
    html = f'<img alt="{alt}" src="data:image/png;base64,{picture}">'
    broken.cell(notebook, "draw-loss").outputs[0].data = {
        "image/png": picture,
        "text/plain": alt,
        "text/html": html,
    }
    return notebook


def picture_of(notebook) -> str:
    return broken.cell(notebook, "draw-loss").outputs[0].data["image/png"]


def test_an_unchanged_cell_keeps_its_old_picture():
    assert clean.keep(drawn("bmV3"), drawn("b2xk")) == drawn("b2xk")


@pytest.mark.parametrize(
    "change", [{"alt": "A line that rises over ten epochs."}, {"above": "model.fit(x, y)"}]
)
def test_a_cell_with_another_text_or_another_cell_above_takes_the_new_picture(change):
    assert picture_of(clean.keep(drawn("bmV3", **change), drawn("b2xk"))) == "bmV3"


def test_a_changed_cell_below_does_not_matter():
    new = drawn("bmV3")
    broken.cell(new, "fail").source += "\nprint(2)"
    assert picture_of(clean.keep(new, drawn("b2xk"))) == "b2xk"


def test_a_kept_result_has_the_count_of_today():
    old, new = samples.lesson("01_first"), samples.lesson("01_first")
    for notebook, count in ((old, 3), (new, 4)):
        cell = broken.cell(notebook, "fail")
        result = nbformat.v4.new_output("execute_result", {"text/plain": "2"}, execution_count=3)
        cell.execution_count, cell.outputs = count, [result]
    kept = broken.cell(clean.keep(new, old), "fail")
    assert (kept.execution_count, kept.outputs[0].execution_count) == (4, 4)
