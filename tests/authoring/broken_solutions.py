"""Broken solutions: their tasks, answers and hints."""

from tests.authoring import broken


@broken.notebook("page_starts_with_its_title", "solution", at="title")
def title_of_a_lesson(one):
    broken.replace(one, "title", "Practice: save", "Save a model")


@broken.notebook("tasks_are_as_many_as_designed", "solution")
def three_tasks(one):
    broken.remove(one, "task-4", "answer-4", "hints-4")


@broken.notebook("tasks_are_as_many_as_designed", "solution")
def number_left_out(one):
    broken.cell(one, "task-4").id = "task-5"


@broken.notebook("task_has_answer_and_hints", "solution", at="task-3")
def no_hints_cell(one):
    broken.remove(one, "hints-2")


@broken.notebook("task_has_answer_and_hints", "solution", at="hints-2")
def hints_before_answer(one):
    broken.swap(one, "answer-2", "hints-2")


@broken.notebook("task_heading_says_kind_and_minutes", "solution", at="task-2")
def task_without_minutes(one):
    broken.replace(one, "task-2", " (5 minutes)", "")


@broken.notebook("task_heading_says_kind_and_minutes", "solution", at="task-2")
def task_of_twelve_minutes(one):
    broken.replace(one, "task-2", "(5 minutes)", "(12 minutes)")


@broken.notebook("task_heading_says_kind_and_minutes", "solution", at="task-2")
def task_of_no_kind(one):
    broken.replace(one, "task-2", "core:", "puzzle:")


@broken.notebook("part_one_has_every_kind", "solution")
def nothing_to_repair(one):
    broken.replace(one, "task-3", "repair:", "core:")


@broken.notebook("answer_is_marked_and_checked", "solution", at="answer-1")
def check_of_another_task(one):
    broken.replace(one, "answer-1", 'check("01.1"', 'check("01.2"')


@broken.notebook("answer_is_marked_and_checked", "solution", at="answer-1")
def check_inside_the_block(one):
    broken.replace(
        one, "answer-1", '### END SOLUTION\ncheck("01.1", value)', 'check("01.1", value)\n### END SOLUTION'
    )


@broken.notebook("answer_is_marked_and_checked", "solution", at="answer-1")
def answer_without_block(one):
    broken.cell(one, "answer-1").source = 'value = 1\ncheck("01.1", value)'


@broken.notebook("solution_blocks_are_paired", "solution", at="answer-1")
def block_never_closed(one):
    broken.replace(one, "answer-1", "### END SOLUTION\n", "")


@broken.notebook("solution_blocks_are_paired", "solution", at="answer-1")
def block_never_opened(one):
    broken.replace(one, "answer-1", "### BEGIN SOLUTION\n", "")


@broken.notebook("hints_come_in_three_steps", "solution", at="hints-3")
def two_hints(one):
    broken.replace(one, "hints-3", '\n# hint("01.3", 3)', "")


@broken.notebook("hints_come_in_three_steps", "solution", at="hints-3")
def hint_given_away(one):
    broken.replace(one, "hints-3", '# hint("01.3", 1)', 'hint("01.3", 1)')


@broken.notebook("solution_ends_with_the_summary", "solution", at="why-4")
def no_summary(one):
    broken.remove(one, "summary")


@broken.notebook("solutions_are_marked", "solution", at="answer-1")
def code_left_out_of_the_exercise(one):
    broken.cell(one, "answer-1").metadata.tags = ["solution"]
