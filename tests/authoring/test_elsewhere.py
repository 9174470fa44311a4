"""`author elsewhere`: the versions it asks for, what it keeps of a run, and a page with its table."""

import json
import pathlib
import re
import subprocess
import sys
import tomllib

from helpers.authoring import command
from helpers.authoring.notebooks import course, execute, page
from helpers.authoring.other_versions import elsewhere, environment, record, run_notebook
from helpers.authoring.release import exact_versions
from helpers.core import scratch
import pytest

from tests.authoring import broken_folders, samples
from tests.claims import book, trial

PROJECT = tomllib.loads((scratch.COURSE / "pyproject.toml").read_text(encoding="utf-8"))
RECORDS = record.every(scratch.COURSE / elsewhere.RECORDS)
VERSIONS = {"python": "3.11.7", "tensorflow": "2.19.1", "keras": "3.15.1"}


def one(**changes) -> record.Record:
    """A record in which one claim differs, one notebook stops and one prints something else."""
    found = record.Record(
        VERSIONS, "2026-11", {"numpy": ["2.4.6", "2.1.3"], "tensorflow": ["2.21.0", "2.19.1"]}
    )
    found.add_claim({"claim": "A01", "course": "true", "there": "true", "cases": {"a": True}})
    found.add_claim({"claim": "B07", "course": "false", "there": "stops: E: `x`", "cases": {}})
    found.notebooks |= {
        "notebooks/01_a.ipynb": {"otherwise": []},
        "notebooks/02_b.ipynb": {"stops": "save raised E"},
    }
    found.notebooks |= {"notebooks/03_c.ipynb": {"otherwise": ["load", "ask"]}}
    for name, value in changes.items():
        setattr(found, name, value)
    return found


class TestThePage:
    def test_it_has_the_table_of_the_records(self):
        text = (scratch.COURSE / record.PAGE).read_text(encoding="utf-8")
        assert record.block(RECORDS) in text, "`uv run author elsewhere` without a version writes the table"

    def test_the_readme_links_to_it(self):
        readme = (scratch.COURSE / "README.md").read_text(encoding="utf-8")
        assert f"]({record.PAGE.as_posix()})" in readme

    def test_every_link_of_the_two_pages_leads_somewhere(self):
        for name in ("SUPPORT.md", "CHANGELOG.md"):
            text = (scratch.COURSE / ".github" / name).read_text(encoding="utf-8")
            for target in re.findall(r"\]\(([^)#]+)", text):
                assert (scratch.COURSE / ".github" / target).exists()

    def test_the_newest_entry_of_the_changelog_is_the_version_of_the_course(self):
        text = (scratch.COURSE / ".github" / "CHANGELOG.md").read_text(encoding="utf-8")
        versions = re.findall(r"^## (\S+)$", text, re.MULTILINE)
        assert versions[0] == PROJECT["project"]["version"]
        numbers = [[int(part) for part in version.split(".")] for version in versions]
        assert numbers == sorted(numbers, reverse=True) and len(set(versions)) == len(versions)


class TestRecords:
    def test_each_is_another_tensorflow_and_knows_what_it_ran(self):
        pinned_version = exact_versions.direct_pins(PROJECT)["tensorflow"]
        for each in RECORDS:
            assert each.versions["tensorflow"] != pinned_version
            assert set(each.claims) <= set(book.claims()) and each.claims
            assert each.notebooks and re.fullmatch(r"\d{4}-\d\d", each.recorded)

    def test_none_names_a_folder_of_a_machine(self):
        for path in (scratch.COURSE / elsewhere.RECORDS).glob("*.json"):
            assert not re.search(r"/(tmp|home|root|work|Users)/", path.read_text(encoding="utf-8")), path.name

    def test_it_comes_back_from_its_file(self, tmp_path):
        one().write(tmp_path / one().name)
        assert record.every(tmp_path) == [one()]
        assert [path.name for path in tmp_path.iterdir()] == ["tf-2.19.1-keras-3.15.1.json"]

    def test_the_newest_stands_first(self, tmp_path):
        for version in ("2.9.3", "2.20.0", "2.19.1"):
            each = one(versions={**VERSIONS, "tensorflow": version})
            each.write(tmp_path / each.name)
        found = [each.versions["tensorflow"] for each in record.every(tmp_path)]
        assert found == ["2.20.0", "2.19.1", "2.9.3"]

    def test_cases_are_kept_only_where_the_verdict_is_another(self):
        assert one().claims["A01"] == {"course": "true", "there": "true"}
        assert one().changed() == {"B07": {"course": "false", "there": "stops: E: `x`", "cases": {}}}

    def test_the_state_changes_with_a_notebook_and_with_a_helper(self, tmp_path):
        whole = samples.write(tmp_path)
        (tmp_path / "helpers").mkdir()
        found = [record.state(whole, whole.found())]
        broken_folders.change(whole, "solutions", "02_second", "task-1", "Save it.", "Save it twice.")
        found.append(record.state(whole, whole.found()))
        (tmp_path / "helpers" / "new.py").write_text("", encoding="utf-8")
        found.append(record.state(whole, whole.found()))
        assert len(set(found)) == 3


class TestTheTable:
    def test_a_row_counts_and_names_what_moved(self):
        assert record.row(one()) == "| 2.19.1 | 3.15.1 | 3.11.7 | 1 of 2 | 1 of 3 | 2026-11 | numpy 2.1.3 |"

    def test_what_differs_is_listed(self):
        text = "\n".join(record.details(one()))
        assert "- B07 is false in the course, and there: `stops: E: 'x'`" in text
        assert "- `notebooks/02_b.ipynb` stops at `save raised E`" in text
        assert "- `notebooks/03_c.ipynb` runs, and prints something else in `load`, `ask`" in text
        assert "01_a" not in text

    def test_nothing_differs_is_said(self):
        assert record.details(one(claims={}, notebooks={}))[-2] == "- nothing differs"

    def test_a_page_without_a_place_for_it_is_refused(self, tmp_path):
        (tmp_path / ".github").mkdir()
        (tmp_path / record.PAGE).write_text("# Support\n", encoding="utf-8")
        with pytest.raises(ValueError, match="other versions begin"):
            record.write(tmp_path, [one()])

    def test_it_is_written_once(self, tmp_path):
        (tmp_path / ".github").mkdir()
        (tmp_path / record.PAGE).write_text(f"# Support\n\n{record.BEGIN}\n{record.END}\n", encoding="utf-8")
        assert [record.write(tmp_path, [one()]) for _ in range(2)] == [True, False]


class TestPackages:
    def test_pins_are_dropped_and_tensorflow_is_the_other_one(self):
        lines = environment.wanted_packages(PROJECT, "2.19", None)
        assert "tensorflow==2.19.*" in lines and "tf-keras==2.19.*" in lines
        assert "keras" in lines and "moto[s3]" in lines and "nbval" in lines
        assert not any("==" in line for line in lines if not line.startswith(("tensorflow", "tf-keras")))
        assert {"keras==3.9.*"} == {*environment.wanted_packages(PROJECT, "2.19", "3.9")} - set(lines)

    def test_what_moved_is_named_with_both_versions(self):
        ours = exact_versions.direct_pins(PROJECT)
        text = f"numpy==2.1.3\nkeras=={ours['keras']}\nmarkdown==3.1\ntensorflow==2.19.1\n"
        assert environment.relaxed(PROJECT, text) == {
            "numpy": [ours["numpy"], "2.1.3"],
            "tensorflow": [ours["tensorflow"], "2.19.1"],
        }

    def test_its_commands_come_first_and_no_path_of_ours_gets_in(self, tmp_path):
        found = environment.environment_variables(
            tmp_path / "bin" / "python", {"PATH": "/usr/bin", "PYTHONPATH": "/ours"}
        )
        assert found["PATH"].startswith(str(tmp_path / "bin")) and "PYTHONPATH" not in found

    def test_a_version_that_does_not_exist_is_a_sentence(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(
            environment.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, "", "none")
        )
        assert command.main(["elsewhere", "9.9", "--folder", str(tmp_path)]) == 1
        assert "uv could not make the environment:\nnone" in capsys.readouterr().out


class TestOneNotebook:
    def run(self, monkeypatch, executed) -> run_notebook.Found:
        monkeypatch.setattr(run_notebook.build, "executed", executed)
        return run_notebook.found(page.read(course.Course().path("notebooks", "02_save_and_load")))

    def test_the_same_outputs(self, monkeypatch):
        assert self.run(monkeypatch, lambda one, timeout: one.notebook) == {"otherwise": []}

    def test_other_outputs_name_the_cell_and_versions_do_not_count(self, monkeypatch):
        def executed(one, timeout):
            new = page.read(one.path).notebook
            for cell in new.cells:
                if cell.id in ("set-up", "save-keras"):
                    cell.outputs[0].text += "more\n"
            return new

        assert self.run(monkeypatch, executed) == {"otherwise": ["save-keras"]}

    def test_a_stop_names_cell_and_error(self, monkeypatch):
        def executed(one, timeout):
            raise execute.Failed(f"{one.place}#train raised TypeError: no")

        assert self.run(monkeypatch, executed) == {"stops": "train raised TypeError: no"}


class TestOneClaim:
    def test_a_verdict_and_its_cases(self):
        claim = book.claims()["B24"]
        found = trial.tried(claim, lambda shelf: {"a": True, "b": False}, None)
        assert found == {
            "claim": "B24",
            "course": "true",
            "there": "condition",
            "cases": {"a": True, "b": False},
        }

    def test_a_proof_that_stops_is_a_finding(self):
        def proof(shelf):
            raise ValueError("no\nmore")

        assert trial.tried(book.claims()["B24"], proof, None)["there"] == "stops: ValueError: no"


class TestARun:
    """With this Python in place of another environment, and notebooks that are not really run."""

    @pytest.fixture
    def there(self, tmp_path):
        return environment.There(pathlib.Path(sys.executable), tmp_path, tmp_path)

    def module(self, tmp_path, name: str, code: str) -> None:
        path = tmp_path.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")

    def test_only_lines_of_json_are_answers_and_errors_go_to_a_file(self, there, tmp_path):
        self.module(
            tmp_path,
            "speaks",
            "import sys\nprint('a log')\nprint('{\"a\": 1}')\nprint('bad', file=sys.stderr)",
        )
        assert [json.loads(line) for line in there.answers("speaks")] == [{"a": 1}]
        assert (tmp_path / "errors.txt").read_text(encoding="utf-8").strip() == "bad"

    def test_what_is_done_is_not_done_again_and_a_dead_process_is_a_finding(
        self, there, tmp_path, monkeypatch, capsys
    ):
        asked = []

        def answers(self, module, path):
            asked.append(pathlib.Path(path).name)
            return iter(
                [] if path.endswith("c.ipynb") else ['{"stops": "x raised E: ' + str(self.root) + '/x"}']
            )

        monkeypatch.setattr(environment.There, "answers", answers)
        found = one(notebooks={"notebooks/a.ipynb": {"otherwise": []}})
        paths = [tmp_path / "notebooks" / f"{name}.ipynb" for name in "abc"]
        elsewhere.run_notebooks(found, there, paths)
        assert asked == ["b.ipynb", "c.ipynb"]
        assert found.stopped() == {
            "notebooks/b.ipynb": "x raised E: .../x",
            "notebooks/c.ipynb": "the start: its process ended without an answer",
        }
        assert record.read(tmp_path / "record.json") == found
        assert " 2 of 3  notebooks/b.ipynb" in capsys.readouterr().out

    def test_claims_that_were_cut_short_do_not_count_as_tried(self, there, monkeypatch):
        def answers(self, module):
            yield json.dumps({"claim": "A01", "course": "true", "there": "true", "cases": {}})
            raise KeyboardInterrupt

        monkeypatch.setattr(environment.There, "answers", answers)
        found = one(claims={})
        with pytest.raises(KeyboardInterrupt), elsewhere.kept(found, there.folder / "record.json"):
            elsewhere.run_claims(found, there)
        assert record.read(there.folder / "record.json").claims == {}

    def test_a_run_goes_on_only_where_nothing_has_changed(self, there, monkeypatch, capsys):
        monkeypatch.setattr(elsewhere, "VERSIONS", f"print({json.dumps(json.dumps(VERSIONS))})")
        first = elsewhere.begun(there, {}, "state")
        first.notebooks["notebooks/a.ipynb"] = {"otherwise": []}
        first.write(there.folder / "record.json")
        assert (
            elsewhere.begun(there, {}, "state").notebooks
            and "1 notebooks are done" in capsys.readouterr().out
        )
        assert not elsewhere.begun(there, {}, "another state").notebooks
        assert not elsewhere.begun(there, {"numpy": ["1", "2"]}, "state").notebooks
