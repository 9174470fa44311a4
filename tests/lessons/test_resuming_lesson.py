"""What lesson 08 says and does not show in a cell: its recipe under a real kill, and what stays behind."""

import os
import pathlib
import subprocess
import sys
import textwrap

from helpers.core import scratch
from helpers.lessons.lesson_08 import resuming
import keras
import nbformat
import numpy
import psutil
import pytest
import tensorflow

from tests.suite import forked, patience

NOTEBOOK = scratch.COURSE / "notebooks" / "08_resume_exactly.ipynb"
ROWS = {"shuffle": False, "verbose": 0}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> pathlib.Path:
    """An empty folder with the modules that the lesson's %%writefile cells write."""
    monkeypatch.chdir(tmp_path)
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        first, _, text = cell.source.partition("\n")
        if first.startswith("%%writefile"):
            with open(first.split()[-1], "a", encoding="utf-8") as file:
                file.write(text + "\n")
    return tmp_path


def _start(code: str, folder: pathlib.Path, **pipes: int) -> subprocess.Popen:
    """A new Python that runs `code` in the folder."""
    environment = os.environ | {"PYTHONPATH": str(scratch.COURSE)}
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=folder, env=environment, text=True, **pipes, encoding="utf-8"
    )


def _run(code: str, folder: pathlib.Path) -> str:
    """Run it to its end; returns what it printed, its errors included."""
    environment = os.environ | {"PYTHONPATH": str(scratch.COURSE)}
    done = forked.run([sys.executable, "-c", code], cwd=folder, env=environment, timeout=110)
    return done.stderr + done.stdout


def _apart(left: keras.Model, right: keras.Model) -> float:
    pairs = zip(left.get_weights(), right.get_weights(), strict=True)
    return max(float(numpy.abs(one - other).max()) for one, other in pairs)


def test_the_recipe_killed_at_any_moment_and_started_again_ends_in_the_same_bits(folder):
    for number in (2, 6):  # after that save it lives on for a moment that nobody chose
        victim = _start("import recipe; recipe.run('killed', 10)", folder, stderr=subprocess.DEVNULL)
        try:
            assert patience.until((folder / "killed" / f"ckpt-{number}.index").exists)
            assert victim.poll() is None, "it was done before the kill"
        finally:
            victim.kill()
            victim.wait()
    compare = """
        import numpy, recipe
        pair = [recipe.run(folder, 10).get_weights() for folder in ("whole", "killed")]
        print(all(numpy.array_equal(one, other) for one, other in zip(*pair, strict=True)))
    """
    assert _run(textwrap.dedent(compare), folder).splitlines()[-1] == "True"


@pytest.mark.parametrize("part", ["seeds", "patience"])
def test_the_recipe_refuses_a_checkpoint_that_holds_more_than_is_named(folder, part):
    code = f"""
        import pathlib, recipe
        recipe.run("cut", 1)
        text = pathlib.Path("recipe.py").read_text()
        shorter = text.replace(', "{part}": {part}', "")
        assert shorter != text
        exec(shorter)
        run("cut", 2)
    """
    printed = _run(textwrap.dedent(code), folder)
    assert f"AssertionError: Unresolved object in checkpoint (root).{part}" in printed


def test_a_victim_whose_notebook_is_killed_ends_by_itself(folder):
    """The script of the lesson stands still for a kill; if the notebook dies first, nobody would send it."""
    code = textwrap.dedent("""
        import subprocess, sys, time
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with subprocess.Popen([sys.executable, "train.py", "cut"], text=True, **pipes) as victim:
            print(victim.pid, victim.stdout.readline().strip(), flush=True)
            time.sleep(600)
    """)
    notebook = _start(code, folder, stdout=subprocess.PIPE)
    try:
        number, _, said = patience.line(notebook).partition(" ")
        assert said == "in the middle of epoch 6"
        victim = psutil.Process(int(number))
    finally:
        notebook.kill()
        notebook.wait()
        notebook.stdout.close()
    assert patience.until(lambda: not victim.is_running() or victim.status() == psutil.STATUS_ZOMBIE)


def test_the_kill_of_the_lesson_leaves_no_process_and_no_file_elsewhere(tmp_path, monkeypatch):
    """Run the cells that start processes and kill one, in a kernel that has a home of its own."""
    from helpers.authoring.notebooks import execute, page

    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.chdir(tmp_path)
    one = page.read(NOTEBOOK)
    one.notebook.cells = [
        cell for cell in one.notebook.cells if cell.id in {"set-up", "fresh-five", "write-train", "kill"}
    ]
    before = {path.name for path in NOTEBOOK.parent.iterdir()}
    executed = execute.execute(one, tmp_path / "scratch")
    printed = "".join(output.text for output in executed.cells[-1].outputs)
    assert printed.splitlines()[-1] == "ended by itself: True"
    assert [path.name for path in (tmp_path / "scratch").iterdir()] == ["notebooks-08_resume_exactly"]
    assert not {path.name for path in NOTEBOOK.parent.iterdir()} & {"five", "backup", "train.py"} - before
    # The fork server of %%fresh, which every lesson starts, may leave the folder of its socket.
    left = [path.name for path in (tmp_path / "temporary").iterdir() if not path.name.startswith("pymp-")]
    assert not left
    assert patience.until(lambda: not _processes_in(tmp_path))


def _processes_in(folder: pathlib.Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and pathlib.Path(process.cwd()).is_relative_to(folder):
                found.append(process)
        except (psutil.Error, OSError):
            continue  # it ended meanwhile, or is none of ours
    return found


def test_backup_and_restore_does_not_carry_the_state_of_dropout(tmp_path):
    class PowerCut(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise InterruptedError

    def backup() -> keras.callbacks.Callback:
        return keras.callbacks.BackupAndRestore(tmp_path / "backup")

    apart = {}
    for make in (resuming.plain, resuming.noisy):
        whole = make()
        whole.fit(*resuming.data, epochs=3, **ROWS)
        with pytest.raises(InterruptedError):
            make().fit(*resuming.data, epochs=3, callbacks=[backup(), PowerCut()], **ROWS)
        resumed = make()
        resumed.fit(*resuming.data, epochs=3, callbacks=[backup()], **ROWS)
        assert resumed.optimizer.iterations == whole.optimizer.iterations
        apart[make.__name__] = _apart(resumed, whole)
    assert apart["plain"] == 0
    assert apart["noisy"] > 1e-3


def test_trainable_changed_after_compile_costs_the_optimizer(tmp_path):
    model = resuming.noisy()
    model.fit(*resuming.data, epochs=1, **ROWS)
    model.layers[0].trainable = False
    model.save(tmp_path / "frozen.keras")
    with pytest.warns(UserWarning, match="Skipping variable loading for optimizer"):
        loaded = keras.models.load_model(tmp_path / "frozen.keras")
    assert (int(model.optimizer.iterations), int(loaded.optimizer.iterations)) == (20, 0)

    model.compile(keras.optimizers.Adam(0.01), model.loss)
    model.fit(*resuming.data, epochs=1, **ROWS)
    model.save(tmp_path / "compiled.keras")
    assert int(keras.models.load_model(tmp_path / "compiled.keras").optimizer.iterations) == 20


def test_compiling_again_after_a_load_empties_the_optimizer(tmp_path, recwarn):
    model = resuming.plain()
    model.fit(*resuming.data, epochs=1, **ROWS)
    model.save(tmp_path / "one.keras", include_optimizer=False)  # an argument that a .keras ignores
    loaded = keras.models.load_model(tmp_path / "one.keras")
    assert int(loaded.optimizer.iterations) == 20
    recwarn.clear()
    loaded.compile(keras.optimizers.Adam(0.01), model.loss)
    assert int(loaded.optimizer.iterations) == 0
    assert not recwarn


def test_an_unbuilt_sequential_comes_back_whole_and_an_empty_folder_is_silent(tmp_path):
    def unbuilt() -> keras.Sequential:
        keras.utils.set_random_seed(7)
        model = keras.Sequential([keras.layers.Dense(32, "relu"), keras.layers.Dense(10, "softmax")])
        model.compile("adam", "sparse_categorical_crossentropy")
        return model

    saved, loaded = unbuilt(), unbuilt()
    saved.fit(*resuming.data, epochs=1, **ROWS)
    path = tensorflow.train.Checkpoint(model=saved).write(str(tmp_path / "state"))
    tensorflow.train.Checkpoint(model=loaded).read(path)
    assert numpy.array_equal(loaded(resuming.features), saved(resuming.features))

    found = tensorflow.train.latest_checkpoint(str(tmp_path / "nothing here"))
    status = tensorflow.train.Checkpoint(model=loaded).restore(found)
    assert found is None
    with pytest.raises(AssertionError):
        status.assert_consumed()


def test_a_seeded_shuffle_matches_for_the_wrong_reason(tmp_path):
    """One order for all epochs: even the wrong epochs come out equal, and no seed comes out different."""
    shuffled = {"verbose": 0}
    whole, half = resuming.plain(), resuming.plain()
    whole.fit(*resuming.data, epochs=4, **shuffled)
    resuming.plain()  # the seed anew: the two trainings begin alike
    half.fit(*resuming.data, epochs=2, **shuffled)
    half.save(tmp_path / "half.keras")
    apart = {}
    for seed in (7, 8):
        keras.utils.set_random_seed(seed)
        resumed = keras.models.load_model(tmp_path / "half.keras")
        resumed.fit(*resuming.data, epochs=2, **shuffled)  # epochs 1 and 2 again, not 3 and 4
        apart[seed] = _apart(resumed, whole)
    assert apart[7] == 0
    assert apart[8] > 1e-3


def test_only_the_first_kernel_of_an_unbuilt_class_is_lost(tmp_path):
    saved, unbuilt = resuming.plain(), resuming.plain(built=False)
    saved.fit(*resuming.data, epochs=1, **ROWS)
    path = tensorflow.train.Checkpoint(model=saved).write(str(tmp_path / "state"))
    tensorflow.train.Checkpoint(model=unbuilt).read(path)
    unbuilt(resuming.features[:1])
    same = {
        f"{layer}.{name}": numpy.array_equal(
            getattr(getattr(unbuilt, layer), name), getattr(getattr(saved, layer), name)
        )
        for layer in ("hidden", "last")
        for name in ("kernel", "bias")
    }
    assert same == {"hidden.kernel": False, "hidden.bias": True, "last.kernel": True, "last.bias": True}
    assert numpy.array_equal(unbuilt.hidden.kernel, resuming.plain().hidden.kernel)
