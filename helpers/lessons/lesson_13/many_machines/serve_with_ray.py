"""Two copies of one version behind Ray Serve.

    ray start --head                       # once
    python serve_with_ray.py store/1       # publish
    python serve_with_ray.py store/2       # promote: each copy loads it, and answers from 1 until then
    python serve_with_ray.py store/1       # roll back

It runs in an environment with tensorflow and ray[serve]; the course does not install Ray.
"""

import sys

import fastapi
from ray import serve
import tensorflow


@serve.deployment(num_replicas=2)
class Digits:
    """Answers as TensorFlow Serving does: {"instances": [[...], ...]} -> {"predictions": [[...], ...]}."""

    def reconfigure(self, config: dict[str, str]) -> None:
        """Load a version; Ray calls this in each copy, at the start and when the folder is another."""
        self.artefact = tensorflow.saved_model.load(config["folder"])

    async def __call__(self, request: fastapi.Request) -> dict[str, list[list[float]]]:
        """Answer one request."""
        rows = (await request.json())["instances"]
        answers = self.artefact.serve(tensorflow.constant(rows, "float32"))
        return {"predictions": answers.numpy().tolist()}


chosen = Digits.options(user_config={"folder": sys.argv[1]})
serve.run(chosen.bind(), route_prefix="/v1/models/digits:predict")
