"""A service for a store of versions, over TensorFlow Serving's REST contract.

    GET  /v1/models/NAME                          which versions are ready
    GET  /v1/models/NAME/versions/N               the same for one version
    GET  /v1/models/NAME/metadata                 what the answering version takes and gives
    POST /v1/models/NAME:predict                  {"instances": [[...], ...]} -> {"predictions": [[...], ...]}
    POST /v1/models/NAME/versions/N:predict       the same from one version

The store is a folder of numbered SavedModels, as `helpers.tools.versions` publishes them, or any other. New
numbers are picked up, loaded and tried before they answer. Without a number in the request the promoted
version answers, or the highest where nothing is promoted; a canary gets its share. The same client works
against TensorFlow Serving, which does not look at its input and knows no promotion.
"""

from helpers.tools.serving.canary import Canary, end_canary, start_canary
from helpers.tools.serving.web import Limits, application

__all__ = ["Canary", "Limits", "application", "end_canary", "start_canary"]
