"""JSON values become the arrays a model takes, or a sentence that names the row."""

from helpers.tools.serving import tensors
import numpy
import pytest

NUMBERS = tensors.Form(numpy.dtype("float32"), (None, 2))
BYTES = tensors.Form(numpy.dtype("uint8"), (None,))
TEXT = tensors.Form(None, (None,))


@pytest.mark.parametrize(
    ("values", "form"), [([[1, 2.5], [-3, 5]], NUMBERS), ([0, 255], BYTES), ([[[1, 0]]], NUMBERS)]
)
def test_what_fits_comes_as_it_was_sent(values, form):
    form = tensors.Form(form.dtype, (None,) * numpy.ndim(values))
    found = tensors.array(values, form, largest=5)
    assert (found.tolist(), found.dtype) == (values, form.dtype)


def test_text_comes_as_bytes():
    assert tensors.array(["zero", "é"], TEXT).tolist() == [b"zero", b"\xc3\xa9"]


@pytest.mark.parametrize(
    ("values", "form", "status", "sentence"),
    [
        (3, NUMBERS, 400, "What was sent is not a list."),
        ([[1, 2], 3], NUMBERS, 400, "Row 1 is not a list."),
        ([[1, 2], [3]], NUMBERS, 400, "Row 1 has 1 values. Expected: 2 in every row."),
        ([[1, 2, 3], [4, 5, 6]], NUMBERS, 400, "Row 0 has 3 values."),
        ([[1, 2], [3, "4"]], NUMBERS, 422, 'Row 1 holds "4". Expected: numbers only.'),
        ([[1, 2], [True, 4]], NUMBERS, 422, "Row 1 holds true."),
        ([[1, 2], [3, float("nan")]], NUMBERS, 400, "Row 1 holds a value that is not a finite number."),
        ([[1, 2], [3, 10**400]], NUMBERS, 400, "Row 1 holds a value that is not a finite number."),
        ([[1, 2], [-5.1, 4]], NUMBERS, 400, "Row 1 holds a value beyond 5."),
        ([1, 256], BYTES, 400, "Row 1 holds a value out of range. Expected: uint8, 0 to 255."),
        ([1, 2.5], BYTES, 422, "Row 1 holds 2.5. Expected: whole numbers only."),
        (["\ud800"], TEXT, 422, "A text is not Unicode."),
        ([[1, 2]], tensors.Form(numpy.dtype("float32"), (3, 2)), 400, "There are 1 rows. Expected: 3."),
    ],
)
def test_what_does_not_fit_is_named_with_its_row(values, form, status, sentence):
    with pytest.raises(tensors.BadRequest) as refused:
        tensors.array(values, form, largest=5)
    assert (refused.value.status, str(refused.value)[: len(sentence)]) == (status, sentence)
