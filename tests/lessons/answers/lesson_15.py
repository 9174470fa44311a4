"""Answers that learners give to the exercises of lesson 15."""

READ = (
    "with zipfile.ZipFile('notes.keras') as box:\n"
    "    found = box.read('assets/layers/text_vectorization/vocabulary.txt')\n"
)
REGISTER = "@keras.saving.register_keras_serializable('exercise_15')\n"
LOOK_UP = (
    "    def build(self, input_shape):\n"
    "        self.lookup.build(input_shape)\n"
    "    def call(self, branches):\n"
    "        return self.lookup(branches)\n"
)
NAMES = "pathlib.Path(file).read_text(encoding='utf-8').splitlines()"
BRANCHES = (
    REGISTER + "class Branches(keras.layers.Layer):\n"
    "    def __init__(self, file=None, names=None, **kwargs):\n"
    "        super().__init__(**kwargs)\n"
    f"        self.names = names or {NAMES}\n"
    "        self.lookup = keras.layers.StringLookup(vocabulary=self.names)\n" + LOOK_UP
)
WITHOUT_FILE = (
    REGISTER + "class Branches(keras.layers.Layer):\n"
    "    def __init__(self, file=None, **kwargs):\n"
    "        super().__init__(**kwargs)\n"
    "        self.lookup = keras.layers.StringLookup({0})\n"
    "{1}" + LOOK_UP + "    def get_config(self):\n        return super().get_config()\n"
)
SAVED_BY_ASSETS = (
    "    def save_assets(self, folder):\n"
    "        names = self.lookup.get_vocabulary(include_special_tokens=False)\n"
    "        pathlib.Path(folder, 'names.txt').write_text('\\n'.join(map(str, names)), encoding='utf-8')\n"
    "    def load_assets(self, folder):\n"
    "        names = pathlib.Path(folder, 'names.txt').read_text(encoding='utf-8').splitlines()\n"
    "        self.lookup.set_vocabulary(names)\n"
)
CONFIG = "    def get_config(self):\n        return {0}\n"
DUO = (
    REGISTER + "class Duo(keras.Model):\n"
    "    def __init__(self, **kwargs):\n"
    "        super().__init__(**kwargs)\n"
    "        self.body, self.head = keras.layers.Dense(8, 'relu'), keras.layers.Dense(1)\n"
    "    def call(self, rows):\n"
    "        return self.head(self.body(rows))\n"
    "    def compile(self, slow, fast, **kwargs):\n"
    "        super().compile(run_eagerly=True, **kwargs)\n"
    "        self.slow, self.fast = slow, fast\n"
    "    def train_step(self, data):\n"
    "        with tensorflow.GradientTape(persistent=True) as tape:\n"
    "            loss = self.compute_loss(data[0], data[1], self(data[0], training=True))\n"
    "        for part, optimizer in [(self.body, self.slow), (self.head, self.fast)]:\n"
    "            weights = part.trainable_variables\n"
    "            optimizer.apply(tape.gradient(loss, weights), weights)\n"
    "        return {'loss': loss}\n"
)
SETTINGS = (
    "    def get_compile_config(self):\n"
    "        return keras.saving.serialize_keras_object("
    "{'slow': self.slow, 'fast': self.fast, 'loss': self.loss})\n"
)
COMPILE = (
    "    def compile_from_config(self, config):\n"
    "        self.compile(**keras.saving.deserialize_keras_object(config))\n"
)
BUILD = "        self.slow.build(self.{0}.trainable_variables)\n        self.fast.build(self.{1}.trainable_variables)\n"
BY_HAND = (
    "    def compile_from_config(self, config):\n"
    "        self.compile(slow=keras.optimizers.{0}, fast=keras.optimizers.Adam(0.03), loss={1})\n"
)
WINDOW = (
    "class Window:\n    def __init__(self, low=0.0, high=1.0):\n        self.low, self.high = low, high\n"
)
WINDOW_CONFIG = "    def get_config(self):\n        return {'low': self.low, 'high': self.high}\n"
MADE_AGAIN = "    @classmethod\n    def from_config(cls, config):\n        return cls({0})\n"
CLIP = (
    REGISTER + "class Clip(keras.layers.Layer):\n"
    "    def __init__(self, window, **kwargs):\n"
    "        super().__init__(**kwargs)\n"
    "        self.window = window\n"
    "    def call(self, inputs):\n"
    "        return keras.ops.clip(inputs, self.window.low, self.window.high)\n"
)
CLIP_CONFIG = CONFIG.format(
    "{**super().get_config(), 'window': keras.saving.serialize_keras_object(self.window)}"
)
CLIP_AGAIN = MADE_AGAIN.format(
    "**{**config, 'window': keras.saving.deserialize_keras_object(config['window'])}"
)
WHOLE_WINDOW = REGISTER + WINDOW + WINDOW_CONFIG + MADE_AGAIN.format("**config")

WRONG = {
    "15.1": [
        (READ, "found", "no-list"),
        (READ, "found.decode('utf-8')", "no-list"),
        (READ, "found.split(b'\\n')", "bytes"),
        # What get_vocabulary(include_special_tokens=False) gives: every number is two too small.
        (READ, "found.decode('utf-8').split('\\n')[2:]", "special"),
        (READ, "sorted(found.decode('utf-8').split('\\n'))", "order"),
        # A text that was read as words learns them again, from other messages.
        ("again = keras.layers.TextVectorization()\nagain.adapt(messages.load(rows=9).texts)",
         "list(map(str, again.get_vocabulary()))", "other"),
        ("", "zipfile.ZipFile('notes.keras').namelist()", "other"),
    ],
    "15.2": [
        ("", "Branches('branches.txt')", "no-class"),
        # As it was given: the file's name is what is saved.
        ("", "Branches", "gone"),
        (BRANCHES.replace("file=None, names=None", "names, folder"), "Branches", "constructor"),
        (BRANCHES + CONFIG.format("{**super().get_config(), 'file': 'branches.txt'}"), "Branches", "gone"),
        # The list is in the inner layer, whose configuration nobody saves.
        (WITHOUT_FILE.format(f"vocabulary={NAMES} if file else None", ""), "Branches", "lost"),
        # It looks at the file as long as there is one.
        (BRANCHES.replace(f"names or {NAMES}", f"{NAMES} if pathlib.Path(file).exists() else names").replace(
            "self.names =", "self.file, self.names = file,")
         + CONFIG.format("{**super().get_config(), 'file': self.file, 'names': list(self.names)}"),
         "Branches", "edited"),
        # Numbers without the place for names that it does not know.
        (BRANCHES.replace("vocabulary=self.names", "vocabulary=self.names, num_oov_indices=2"), "Branches", "computes"),
        ((BRANCHES + CONFIG.format("{'names': list(self.names)}")), "Branches", "name"),
        ((BRANCHES + CONFIG.format("{**super().get_config(), 'names': list(self.names)}")).removeprefix(REGISTER),
         "Branches", "unregistered"),
    ],
    "15.3": [
        ("triage.export('triage', verbose=False)", "tensorflow.saved_model.load('triage'), triage", "no-model"),
        ("", "triage, triage", "outputs"),
        ("", "keras.Model({'text': text, 'branch': branch}, [desk, urgent]), triage", "outputs"),
        ("", "keras.Model({'text': text, 'branch': branch}, {'desk': urgent, 'urgent': desk}), triage", "crossed"),
        ("", "keras.Model({'text': text, 'branch': branch}, {'answer': desk, 'urgent': urgent}), triage", "outputs"),
        # New layers with the old names have new weights.
        ("new = {'desk': keras.layers.Dense(3, 'softmax')(both), 'urgent': keras.layers.Dense(1, 'sigmoid')(both)}",
         "keras.Model({'text': text, 'branch': branch}, new), triage", "answers"),
        # The name of an input is that of its keras.Input.
        ("message = keras.Input((), dtype='string', name='message')\nsaid = triage([message, branch])",
         "keras.Model({'text': message, 'branch': branch}, {'desk': said[0], 'urgent': said[1]}), triage", "inputs"),
        ("", "keras.Model(), triage", "export"),
    ],
    "15.4": [
        ("", "keras.optimizers.Adam()", "no-class"),
        (DUO, "Duo", "uncompiled"),
        # The warning asks for both methods; one alone changes nothing.
        (DUO + SETTINGS, "Duo", "uncompiled"),
        (DUO + SETTINGS + COMPILE, "Duo", "steps"),
        (DUO + SETTINGS + BY_HAND.format("SGD(0.01)", "'mse'"), "Duo", "settings"),
        (DUO + SETTINGS + BY_HAND.format("SGD(0.02, momentum=0.9)", "'mae'"), "Duo", "loss"),
        (DUO + SETTINGS + COMPILE + BUILD.format("body", "head").splitlines()[0] + "\n", "Duo", "steps"),
        (DUO + SETTINGS.replace("keras.saving.serialize_keras_object(", "(") + COMPILE, "Duo", "steps"),
        (DUO + SETTINGS + COMPILE + "        self.slow.build(self.trainable_variables)\n"
         "        self.fast.build(self.trainable_variables)\n", "Duo", "steps"),
        # The loaded optimizers are dictionaries still.
        (DUO + SETTINGS + "    def compile_from_config(self, config):\n        self.compile(**config)\n", "Duo",
         "settings"),
        (DUO + SETTINGS + COMPILE.replace("**keras", "keras"), "Duo", "load"),
        (DUO + SETTINGS.replace("'loss': self.loss", "'loss': self.loss, 'kept_in': pathlib.Path('runs')"), "Duo", "save"),
        # The number of steps by hand: what the optimizers remember of them is more.
        (DUO + SETTINGS + COMPILE
         + "        self.slow.iterations.assign(4)\n        self.fast.iterations.assign(4)\n", "Duo", "states"),
        ((DUO + SETTINGS + COMPILE + BUILD.format("body", "head")).removeprefix(REGISTER), "Duo", "unregistered"),
    ],
    "15.5": [
        ("", "Clip(Window(0.2, 0.7)), Window", "no-classes"),
        ("", "Clip, Window", "save"),
        (WINDOW + CLIP + CLIP_CONFIG + CLIP_AGAIN, "Clip, Window", "save"),
        (WINDOW + WINDOW_CONFIG + CLIP + CLIP_CONFIG + CLIP_AGAIN, "Clip, Window", "load"),
        (WHOLE_WINDOW + CLIP + CLIP_CONFIG, "Clip, Window", "load"),
        (REGISTER + WINDOW + WINDOW_CONFIG + CLIP + CLIP_CONFIG + CLIP_AGAIN, "Clip, Window", "load"),
        (REGISTER + WINDOW + WINDOW_CONFIG + MADE_AGAIN.format("") + CLIP + CLIP_CONFIG + CLIP_AGAIN, "Clip, Window",
         "answers"),
        (WHOLE_WINDOW + CLIP + CONFIG.format("{'window': keras.saving.serialize_keras_object(self.window)}")
         + CLIP_AGAIN, "Clip, Window", "name"),
        (WHOLE_WINDOW + CLIP.replace("self.window.high", "1.0") + CLIP_CONFIG + CLIP_AGAIN, "Clip, Window", "computes"),
        # The numbers come back, in another kind of object.
        (WHOLE_WINDOW + "import types\n" + CLIP
         + CONFIG.format("{**super().get_config(), 'window': [self.window.low, self.window.high]}")
         + MADE_AGAIN.format("**{**config, 'window': types.SimpleNamespace(low=config['window'][0],"
                             " high=config['window'][1])}"), "Clip, Window", "kind"),
    ],
}  # fmt: skip

RIGHT = {
    "15.1": [
        (READ, "found.decode('utf-8').splitlines()"),
        # The layer alone, made again from the file's parts.
        ("import json\nwith zipfile.ZipFile('notes.keras') as box:\n"
         "    config = json.loads(box.read('config.json'))['config']['layers'][1]['config']\n"
         "    box.extract('assets/layers/text_vectorization/vocabulary.txt', 'out')\n"
         "layer = keras.layers.TextVectorization.from_config(config)\n"
         "layer.load_assets('out/assets/layers/text_vectorization')",
         "list(map(str, layer.get_vocabulary()))"),
    ],
    "15.2": [
        (BRANCHES + CONFIG.format("{**super().get_config(), 'names': list(self.names)}"), "Branches"),
        # The inner lookup saves what set_vocabulary gave it, so no list has to be in the configuration.
        (WITHOUT_FILE.format("", f"        if file:\n            self.lookup.set_vocabulary({NAMES})\n"), "Branches"),
        # Assets of one's own, read after the constructor.
        (WITHOUT_FILE.format("", f"        if file:\n            self.lookup.set_vocabulary({NAMES})\n")
         + SAVED_BY_ASSETS, "Branches"),
        # A lookup itself: its save brings what it read.
        (REGISTER + "class Branches(keras.layers.StringLookup):\n"
         "    def __init__(self, file=None, **kwargs):\n"
         "        super().__init__(**kwargs)\n"
         f"        if file:\n            self.set_vocabulary({NAMES})\n", "Branches"),
    ],
    "15.3": [
        ("", "keras.Model([text, branch], {'desk': desk, 'urgent': urgent}), triage"),
        ("", "keras.Model(dict(text=text, branch=branch), dict(urgent=urgent, desk=desk)), triage"),
        ("from_list = triage([text, branch])",
         "keras.Model({'branch': branch, 'text': text}, {'desk': from_list[0], 'urgent': from_list[1]}), triage"),
        ("twin = keras.models.clone_model(triage)\n", "keras.Model({'text': triage.inputs[0], 'branch': "
         "triage.inputs[1]}, dict(zip(triage.output_names, triage.outputs))), triage"),
    ],
    "15.4": [
        (DUO + SETTINGS + COMPILE + BUILD.format("body", "head"), "Duo"),
        # One by one, by hand.
        (DUO + "    def get_compile_config(self):\n"
         "        return {'slow': keras.optimizers.serialize(self.slow), 'fast': keras.optimizers.serialize(self.fast)}\n"
         "    def compile_from_config(self, config):\n"
         "        slow, fast = map(keras.optimizers.deserialize, (config['slow'], config['fast']))\n"
         "        self.compile(slow, fast, loss='mse')\n" + BUILD.format("body", "head"), "Duo"),
    ],
    "15.5": [
        (WHOLE_WINDOW + CLIP + CLIP_CONFIG + CLIP_AGAIN, "Clip, Window"),
        # Keras writes a registered object by itself; only making it again is left.
        (WHOLE_WINDOW + CLIP + CONFIG.format("{**super().get_config(), 'window': self.window}") + CLIP_AGAIN,
         "Clip, Window"),
        # Two plain numbers in the configuration, and a Window made of them.
        (WINDOW + CLIP + CONFIG.format("{**super().get_config(), 'window': [self.window.low, self.window.high]}")
         + MADE_AGAIN.format("**{**config, 'window': Window(*config['window'])}"), "Clip, Window"),
    ],
}  # fmt: skip
