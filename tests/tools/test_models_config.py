"""TensorFlow Serving's configuration file, read back by the server's own message types."""

import shutil

from google.protobuf import text_format
from helpers.tools import serving, versions
from helpers.tools.serving import models_config
import pytest
import tensorflow
from tensorflow_serving.config import model_server_config_pb2


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export") / "one"
    module = tensorflow.Module()
    module.weight = tensorflow.Variable(1.0)
    tensorflow.saved_model.save(module, str(folder))
    return folder


@pytest.fixture
def store(exported, tmp_path):
    """A store with three versions, none of them promoted."""
    for _ in range(3):
        with versions.publish(tmp_path / "store") as draft:
            shutil.copytree(exported, draft.folder, dirs_exist_ok=True)
    return tmp_path / "store"


def _read(store) -> tuple[list[int], dict[str, int]]:
    """The versions that are loaded, and the labels, as the server understands them."""
    found = text_format.Parse(
        models_config.text(store, "digits", "/models/digits"), model_server_config_pb2.ModelServerConfig()
    )
    (one,) = found.model_config_list.config
    assert (one.name, one.base_path, one.model_platform) == ("digits", "/models/digits", "tensorflow")
    return list(one.model_version_policy.specific.versions), dict(one.version_labels)


def test_the_promoted_version_is_stable_and_not_the_highest(store):
    versions.promote(store, 1)
    assert _read(store) == ([1], {"stable": 1})


def test_the_one_to_go_back_to_stays_loaded(store):
    versions.promote(store, 1)
    versions.promote(store, 3)
    assert _read(store) == ([1, 3], {"stable": 3})
    versions.roll_back(store)
    assert _read(store)[1] == {"stable": 1}


def test_a_canary_is_loaded_and_has_its_label_until_it_ends(store):
    versions.promote(store, 1)
    serving.start_canary(store, 2, 0.1)
    assert _read(store) == ([1, 2], {"stable": 1, "canary": 2})
    serving.end_canary(store)
    assert _read(store) == ([1], {"stable": 1})


@pytest.mark.parametrize("promoted", [True, False])
def test_without_a_promotion_or_a_store_a_sentence_says_so(store, tmp_path, promoted):
    wrong = tmp_path / "elsewhere" if promoted else store
    with pytest.raises(versions.VersionsError, match=r"Nothing is promoted|no store|not there|There is no"):
        models_config.text(wrong, "digits", "/models/digits")


def test_odd_names_are_quoted(store):
    versions.promote(store, 1)
    said = models_config.text(store, 'a "b" \\ c', "/models/ü")
    (one,) = text_format.Parse(said, model_server_config_pb2.ModelServerConfig()).model_config_list.config
    assert (one.name, one.base_path) == ('a "b" \\ c', "/models/ü")


def test_it_is_replaced_as_a_whole(store, tmp_path):
    versions.promote(store, 1)
    file = tmp_path / "models.config"
    models_config.write(store, "digits", "/models/digits", file)
    first = file.read_text(encoding="utf-8")
    versions.promote(store, 2)
    models_config.write(store, "digits", "/models/digits", file)
    assert file.read_text(encoding="utf-8") != first
    assert [path.name for path in tmp_path.iterdir() if "config" in path.name] == ["models.config"]


def test_a_folder_in_its_place_is_a_sentence(store, tmp_path):
    versions.promote(store, 1)
    (tmp_path / "models.config").mkdir()
    with pytest.raises(versions.VersionsError, match="Writing the server's configuration"):
        models_config.write(store, "digits", "/models/digits", tmp_path / "models.config")
