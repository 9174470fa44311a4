"""Broken lessons: their beginning, their body, their end."""

from tests.authoring import broken


@broken.notebook("page_starts_with_its_title", "lesson", at="title")
def wrong_number(one):
    broken.replace(one, "title", "# 01 ·", "# 07 ·")


@broken.notebook("page_starts_with_its_title", "lesson", at="title")
def no_minutes(one):
    broken.replace(one, "title", "19 minutes to practise · ", "")


@broken.notebook("page_starts_with_its_title", "lesson", at="title")
def no_sentence(one):
    broken.replace(one, "title", "It comes back.\n\n", "")


@broken.notebook("page_starts_with_its_title", "extra", at="title")
def second_level_title(one):
    broken.replace(one, "title", "# Start", "## Start")


@broken.notebook("question_comes_second", "lesson", at="question")
def one_thing_to_do(one):
    broken.replace(one, "question", "\n- load", "")


@broken.notebook("question_comes_second", "lesson", at="set-up")
def no_question(one):
    broken.remove(one, "question")


@broken.notebook("set_up_is_the_first_code", "lesson", at="set-up")
def name_of_another_lesson(one):
    broken.replace(one, "set-up", "notebooks/01_first", "notebooks/02_second")


@broken.notebook("set_up_is_the_first_code", "solution", at="set-up")
def set_up_that_is_compared(one):
    broken.cell(one, "set-up").metadata = {}


@broken.notebook("set_up_is_the_first_code", "lesson", at="begin")
def set_up_under_another_id(one):
    broken.cell(one, "set-up").id = "begin"


@broken.notebook("prediction_is_asked", "lesson", at="save-keras")
def no_prediction(one):
    broken.remove(one, "predict-file")


@broken.notebook("prediction_is_asked", "lesson", at="predict-file")
def prediction_of_another_lesson(one):
    broken.replace(one, "predict-file", "01.predict", "02.predict")


@broken.notebook("lesson_has_20_to_90_cells", "lesson")
def too_few_cells(one):
    broken.remove(one, "saved", "repair", "predict", "proved")


@broken.notebook("lesson_has_20_to_90_cells", "lesson")
def too_many_cells(one):
    one.cells += 4 * one.cells


@broken.notebook("code_is_short", "extra", at="machine-check")
def thirteen_lines_of_code(one):
    broken.cell(one, "machine-check").source = "\n\n".join(["print(1)"] * 13)


@broken.notebook("text_is_short", "lesson", at="save")
def sixty_one_words(one):
    broken.cell(one, "save").source = "word " * 61


@broken.notebook("code_stands_next_to_text", "lesson", at="draw-loss")
def code_between_code(one):
    broken.remove(one, "saved", "draw", "failure")


@broken.notebook("failure_is_caught_and_printed", "lesson")
def failure_that_is_not_printed(one):
    broken.replace(one, "fail", "print(type(error).__name__, error)", "pass")


@broken.notebook("proof_is_fresh", "lesson")
def no_fresh_process(one):
    broken.replace(one, "proof", "%%fresh\n", "")


@broken.notebook("code_needs_no_network", "lesson", at="save-keras")
def download(one):
    broken.cell(one, "save-keras").source = 'path = keras.utils.get_file("m.keras", origin)'


@broken.notebook("code_needs_no_network", "exercise", at="answer-1")
def installation(one):
    broken.cell(one, "answer-1").source = "%pip install tensorflow"


@broken.notebook("sections_are_in_order", "lesson")
def myths_after_key_points(one):
    broken.swap(one, "myths", "key-points")


@broken.notebook("sections_are_in_order", "lesson")
def no_section_if_it_breaks(one):
    broken.remove(one, "if-it-breaks")


@broken.notebook("your_turn_links_the_exercise", "lesson", at="your-turn")
def exercise_not_linked(one):
    broken.replace(one, "your-turn", "../exercises/01_first.ipynb", "../exercises/02_second.ipynb")


@broken.notebook("your_turn_links_the_exercise", "lesson", at="your-turn")
def other_minutes_than_the_title(one):
    broken.replace(one, "your-turn", "19 minutes", "25 minutes")


@broken.notebook("your_turn_links_the_exercise", "lesson", at="your-turn")
def your_turn_without_minutes(one):
    broken.replace(one, "your-turn", ", 19 minutes", "")


@broken.notebook("myths_are_asked", "lesson", at="myths")
def no_myth(one):
    broken.remove(one, "myth-one")


@broken.notebook("myths_are_asked", "lesson", at="myths")
def myth_of_another_lesson(one):
    broken.replace(one, "myth-one", "01.myth", "02.myth")


@broken.notebook("key_points_are_three_to_five", "lesson", at="key-points")
def two_key_points(one):
    broken.replace(one, "key-points", "\n- three", "")


@broken.notebook("breakages_have_cures", "lesson", at="if-it-breaks")
def no_cure(one):
    broken.cell(one, "if-it-breaks").source = "## If it breaks\n\nAsk."


@broken.notebook("read_on_has_two_or_three_sources", "lesson", at="read-on")
def one_source(one):
    broken.replace(one, "read-on", "https://b.example", "02_second.ipynb")
