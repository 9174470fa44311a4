"""`author wheels`: what pip is told to fetch, how a folder of wheels is checked. Nothing is fetched here."""

import argparse
import hashlib
import pathlib

from helpers.authoring.release import exact_versions, wheels
import packaging.tags
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINUX = wheels.Target("linux-x86_64", "3.11")
WINDOWS = wheels.Target("windows-x86_64", "3.13")
CONTENT = {
    "pure-1.0-py3-none-any.whl": b"pure",
    "exact-2.0-cp311-cp311-manylinux_2_27_x86_64.whl": b"linux",
    "exact-2.0-cp313-cp313-win_amd64.whl": b"windows",
    "terminal-3.0-py3-none-win_amd64.whl": b"terminal",
    "old-4.0-py3-none-any.whl": b"for older releases",
    "old-5.0-py3-none-any.whl": b"for newer releases",
}


def option(content: bytes) -> str:
    return f"--hash=sha256:{hashlib.sha256(content).hexdigest()}"


def block(line: str, *names: str) -> str:
    return " \\\n    ".join([line, *(option(CONTENT[name]) for name in names)]) + "\n"


REQUIREMENTS = (
    block("pure==1.0", "pure-1.0-py3-none-any.whl")
    + block(
        "exact==2.0",
        "exact-2.0-cp311-cp311-manylinux_2_27_x86_64.whl",
        "exact-2.0-cp313-cp313-win_amd64.whl",
    )
    + block("terminal==3.0 ; os_name == 'nt'", "terminal-3.0-py3-none-win_amd64.whl")
    + block("old==4.0 ; python_full_version < '3.11.5'", "old-4.0-py3-none-any.whl")
    + block("old==5.0 ; python_full_version >= '3.11.5'", "old-5.0-py3-none-any.whl")
)


@pytest.fixture
def folder(tmp_path) -> pathlib.Path:
    for name, content in CONTENT.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_folder_with_every_wheel_is_complete(folder):
    assert wheels.missing(folder, REQUIREMENTS, LINUX) == []
    assert wheels.missing(folder, REQUIREMENTS, WINDOWS) == []


def test_a_missing_wheel_is_named_only_where_it_is_needed(folder):
    (folder / "terminal-3.0-py3-none-win_amd64.whl").unlink()
    assert wheels.missing(folder, REQUIREMENTS, LINUX) == []
    assert wheels.missing(folder, REQUIREMENTS, WINDOWS) == ["terminal==3.0 ; os_name == 'nt'"]


def test_a_wheel_for_another_machine_does_not_count(folder):
    (folder / "exact-2.0-cp311-cp311-manylinux_2_27_x86_64.whl").unlink()
    assert wheels.missing(folder, REQUIREMENTS, LINUX) == ["exact==2.0"]
    assert wheels.missing(folder, REQUIREMENTS, WINDOWS) == []


def test_older_and_newer_releases_of_one_python_are_both_served(folder):
    (folder / "old-4.0-py3-none-any.whl").unlink()
    assert wheels.missing(folder, REQUIREMENTS, LINUX) == ["old==4.0 ; python_full_version < '3.11.5'"]
    assert wheels.missing(folder, REQUIREMENTS, WINDOWS) == []


def test_an_interrupted_wheel_counts_as_missing(folder):
    (folder / "pure-1.0-py3-none-any.whl").write_bytes(b"pu")
    assert wheels.missing(folder, REQUIREMENTS, LINUX) == ["pure==1.0"]


def test_a_file_that_is_no_wheel_is_left_out(folder):
    (folder / "pure-1.0 (1).whl").write_bytes(b"a second download")
    assert wheels.missing(folder, REQUIREMENTS, LINUX) == []


def test_an_absent_folder_lacks_everything(tmp_path):
    assert len(wheels.missing(tmp_path / "none", REQUIREMENTS, WINDOWS)) == 4


def test_pip_fetches_exact_wheels_by_hash_and_no_source_code():
    command, text = wheels.downloads(pathlib.Path("my wheels"), REQUIREMENTS, WINDOWS)[0]
    assert command[:2] == ["pip", "download"]
    for needed in ("--require-hashes", "--no-deps", "--only-binary=:all:", "--platform=win_amd64"):
        assert needed in command
    assert "--python-version=3.13.0" in command
    assert "--dest=my wheels" in command
    assert [line.split()[0] for line in text.splitlines()] == [
        "pure==1.0",
        "exact==2.0",
        "terminal==3.0",
        "old==5.0",
    ]
    assert all("--hash=sha256:" in line and ";" not in line for line in text.splitlines())


def test_a_package_pinned_twice_takes_a_second_command():
    commands = wheels.downloads(pathlib.Path("wheels"), REQUIREMENTS, LINUX)
    assert [text.split("\n")[-2].split()[0] for _, text in commands] == ["old==4.0", "old==5.0"]
    assert "--python-version=3.11.99" in commands[1][0]


@pytest.mark.parametrize("machine", wheels.MACHINES)
@pytest.mark.parametrize("python", wheels.PYTHONS)
def test_the_real_requirements_serve_every_kind_of_machine(machine, python):
    pins = exact_versions.parse((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    names = [exact_versions.name(pin) for pin in wheels.Target(machine, python).needed(pins, f"{python}.9")]
    assert {"tensorflow", "jupyterlab", "nbval", "uv", "uv-build"} <= set(names)
    assert ("pywinpty" in names) == machine.startswith("windows")
    assert ("appnope" in names) == machine.startswith("macos")


def test_this_machine_takes_wheels_that_its_own_packaging_takes():
    here = wheels.here()
    assert any(tag in here.tags() for tag in packaging.tags.sys_tags() if tag.interpreter.startswith("cp"))


def test_a_machine_without_tensorflow_is_told_which_have_it(monkeypatch):
    monkeypatch.setattr(wheels.platform, "machine", lambda: "riscv64")
    with pytest.raises(
        wheels.NoWheels, match=r"riscv64\. TensorFlow has wheels for linux-x86_64, .*--machine"
    ):
        wheels.here()


@pytest.fixture
def run(folder, monkeypatch):
    """Return a function that runs `author wheels` on the small requirements above."""
    monkeypatch.setattr(wheels, "ROOT", folder)
    (folder / "requirements.txt").write_text(REQUIREMENTS, encoding="utf-8")

    def run_command(*options: str) -> int:
        parser = argparse.ArgumentParser()
        wheels.add_arguments(parser)
        return wheels.run(
            parser.parse_args([str(folder), "--machine=linux-x86_64", "--python=3.11", *options])
        )

    return run_command


def test_verify_says_what_is_missing_and_fetches_nothing(run, folder, monkeypatch, capsys):
    monkeypatch.setattr(wheels, "fetch", lambda *_: pytest.fail("fetched"))
    assert run("--verify") == 0
    assert capsys.readouterr().out.endswith("is complete for Python 3.11 on linux-x86_64.\n")
    (folder / "pure-1.0-py3-none-any.whl").unlink()
    assert run("--verify") == 1
    assert capsys.readouterr().out.startswith("pure==1.0 is missing or damaged.\n")


def test_an_interrupted_download_says_to_run_it_again(run, monkeypatch, capsys):
    monkeypatch.setattr(wheels, "fetch", lambda *_: 1)
    assert run() == 1
    assert "Run the same command again" in capsys.readouterr().out


def test_the_folder_says_how_to_install_from_it(run, folder, monkeypatch):
    monkeypatch.setattr(wheels, "fetch", lambda *_: 0)
    assert run() == 0
    said = (folder / "HOW_TO_INSTALL.txt").read_text(encoding="utf-8")
    assert "- Python 3.11 on linux-x86_64\n" in said
    assert "- Python 3.13 on windows-x86_64\n" in said
    assert "- Python 3.12" not in said
    assert f'--no-index --find-links "{folder.name}" --require-hashes -r requirements.txt' in said
    assert "://" not in said
