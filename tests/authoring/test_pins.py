"""Every file that names versions names the same ones, and they are what is installed."""

import pathlib
import subprocess
import tomllib

from helpers.authoring.release import exact_versions
import packaging.markers
import packaging.version
import pytest
import rattler
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ("pyproject.toml", "requirements.txt", "environment.yml")


@pytest.fixture
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture
def requirements() -> str:
    return (ROOT / "requirements.txt").read_text(encoding="utf-8")


@pytest.fixture
def environment() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


@pytest.fixture
def copy(tmp_path) -> pathlib.Path:
    for name in FILES:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def replace(path: pathlib.Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def test_the_files_agree_with_each_other_and_with_what_is_installed():
    assert exact_versions.objections(ROOT) == []


def test_the_main_packages_are_pinned_directly(project):
    named = {"tensorflow", "keras", "jupyterlab", "nbval", "matplotlib", "ipywidgets"}
    assert named <= exact_versions.direct_pins(project).keys()
    assert packaging.version.Version(exact_versions.direct_pins(project)["tensorflow"]).release[:2] == (2, 21)
    assert packaging.version.Version(exact_versions.direct_pins(project)["keras"]).release[:2] == (3, 15)


def test_environment_yml_has_the_pins_of_requirements_txt(environment, requirements):
    assert environment["dependencies"][-1] == {
        "pip": [exact_versions.text(pin) for pin in exact_versions.parse(requirements)]
    }


def test_conda_accepts_its_specs(environment, project):
    specs = [
        rattler.MatchSpec(line, strict=True) for line in environment["dependencies"] if isinstance(line, str)
    ]
    assert [spec.name.normalized for spec in specs] == ["python", "pip"]
    assert str(specs[0].version) == project["project"]["requires-python"]
    assert environment["channels"] == ["conda-forge"]
    with pytest.raises(Exception, match="unable to parse"):  # not a class that py-rattler exports
        rattler.MatchSpec("python >=3.11,<", strict=True)


def test_pip_finds_a_hash_for_every_pin(requirements):
    for line, options in exact_versions.entries(requirements):
        assert options, line
        assert all(len(option) == len("--hash=sha256:") + 64 for option in options)


def test_a_package_has_one_version_on_each_python(requirements):
    for release in ("3.11.0", "3.11.9", "3.12.7", "3.13.1"):
        here = packaging.markers.default_environment() | {
            "python_full_version": release,
            "python_version": release.rpartition(".")[0],
        }
        names = [
            exact_versions.name(pin)
            for pin in exact_versions.parse(requirements)
            if not pin.marker or pin.marker.evaluate(here)
        ]
        assert len(names) == len(set(names)) > 100


@pytest.mark.parametrize("name", [*FILES, "README.md"])
def test_no_file_names_a_package_host(name):
    content = (ROOT / name).read_text(encoding="utf-8")
    for word in (
        "pypi.org/simple",
        "pythonhosted",
        "index-url",
        "find-links",
        "[[tool.uv.index]]",
        "trusted-host",
    ):
        assert word not in content
    assert "://" not in content or name in ("pyproject.toml", "README.md")


def test_lock_files_are_never_committed():
    ignored = subprocess.run(
        ["git", "check-ignore", "uv.lock", "pylock.toml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if ignored.returncode == 128:  # a download without git's own folder
        lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        assert {"uv.lock", "pylock.toml"} <= set(lines)
    else:
        assert ignored.stdout.split() == ["uv.lock", "pylock.toml"]


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("pyproject.toml", '"keras==', '"keras==9.', "pyproject.toml has 9."),
        ("pyproject.toml", '"keras==', '"flax==0.1", "keras==', "names flax, requirements.txt does not"),
        ("pyproject.toml", '    "absl-py==', '    "absl-py==9.', "requirements.txt has absl-py"),
        ("requirements.txt", "absl-py==", "absl-py==9.", "absl-py is pinned to 9."),
        ("environment.yml", "absl-py==", "absl-py==9.", "environment.yml does not say"),
        ("environment.yml", ">=3.11,<3.14", ">=3.11", "environment.yml does not say"),
    ],
)
def test_a_changed_version_is_noticed(copy, file, old, new, complaint):
    replace(copy / file, old, new)
    assert any(complaint in line for line in exact_versions.objections(copy))


def test_a_missing_file_is_noticed(copy):
    (copy / "environment.yml").unlink()
    assert exact_versions.objections(copy) == ["environment.yml is missing. Run `uv run author pins`."]


def test_a_range_is_not_a_pin():
    for line in ("keras>=3.15", "keras", "keras==3.*", "keras>=3,==3.15.1"):
        with pytest.raises(ValueError, match="allows several versions"):
            exact_versions.version(exact_versions.Pin(line))


def test_the_browser_tests_are_pinned_too(project, requirements):
    names = {exact_versions.name(pin) for pin in exact_versions.beside(project)}
    assert "playwright" in names
    names.remove("notebook")  # nbgrader brings it along
    assert not names & {exact_versions.name(pin) for pin in exact_versions.parse(requirements)}


def test_markers_decide_what_must_be_installed():
    assert (
        exact_versions.not_as_installed([exact_versions.Pin("absent==1 ; sys_platform == 'plan9'")], []) == []
    )
    assert exact_versions.not_as_installed([], [exact_versions.Pin("absent==1")]) == []
    assert "not installed" in exact_versions.not_as_installed([exact_versions.Pin("absent==1")], [])[0]
    assert (
        "pytest is pinned to 0" in exact_versions.not_as_installed([], [exact_versions.Pin("pytest==0")])[0]
    )


def test_writing_without_the_block_says_what_to_do(copy, requirements):
    project = (copy / "pyproject.toml").read_text(encoding="utf-8")
    with pytest.raises(exact_versions.PinsError, match=r"Put these two lines under \[tool.uv\]"):
        exact_versions.with_constraints(exact_versions.BLOCK.sub("", project), requirements)


def test_the_block_holds_what_is_not_named_directly(copy):
    project = (copy / "pyproject.toml").read_text(encoding="utf-8")
    changed = exact_versions.with_constraints(
        project, 'Keras==3.15.1\nsome-thing==1.0 ; sys_platform == "win32" \\\n    --hash=a\n'
    )
    assert tomllib.loads(changed)["tool"]["uv"]["constraint-dependencies"] == [
        "some-thing==1.0 ; sys_platform == 'win32'"
    ]
    assert tomllib.loads(changed)["project"] == tomllib.loads(project)["project"]


def test_the_lowest_python_is_what_pins_are_resolved_for(project):
    assert exact_versions.lowest_python(project["project"]["requires-python"]) == "3.11"
