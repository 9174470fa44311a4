"""Two copies of one version behind Ray Serve: python serve_with_ray.py store/1

It runs in an environment of its own, with tensorflow and ray[serve]; the course does not install Ray.
"""

import sys

import fastapi
from ray import serve
import tensorflow


@serve.deployment(num_replicas=2)
class Digits:
    """Answers as TensorFlow Serving does: {"instances": [[...], ...]} -> {"predictions": [[...], ...]}."""

    def __init__(self, folder: str) -> None:
        self.artefact = tensorflow.saved_model.load(folder)

    async def __call__(self, request: fastapi.Request) -> dict[str, list[list[float]]]:
        """Answer one request."""
        rows = (await request.json())["instances"]
        answers = self.artefact.serve(tensorflow.constant(rows, "float32"))
        return {"predictions": answers.numpy().tolist()}


serve.run(Digits.bind(sys.argv[1]), route_prefix="/v1/models/digits:predict", blocking=True)
