"""A teaching server for a store of versions, over TensorFlow Serving's REST contract.

    GET  /v1/models/NAME                          which versions are ready
    GET  /v1/models/NAME/versions/N               the same for one version
    GET  /v1/models/NAME/metadata                 what the answering version takes and gives
    POST /v1/models/NAME:predict                  {"instances": [row, ...]} -> {"predictions": [row, ...]}
                                                  {"inputs": {name: values}} -> {"outputs": {name: values}}
    POST /v1/models/NAME/versions/N:predict       the same from one version
    GET  /monitoring/prometheus/metrics           requests and their times, for Prometheus

The store is a folder of numbered SavedModels, as `helpers.tools.versions` publishes them, or any other. New
numbers are picked up, loaded and tried on their golden batch before they answer. Without a number in the
request the promoted version answers, or the highest where nothing is promoted; a canary gets its share.
`uv run course --serve STORE` starts it from a shell.

It is small, so that a course can explain it. Where TensorFlow Serving does something else:

    it has                                        here
    gRPC, batching of requests, several models    none of them: one model over REST, each request by itself
    /labels/LABEL, a reload by request            none; the record of promotions says which version answers
    :classify, :regress                           none; 404
    {"b64": ...}, outputs that are text           none; text goes in as text, a version that answers text is
                                                  not served
    400 for a body that is no JSON                422
    NaN and Infinity in a request                 400: they are no JSON
    an answer of NaN or Infinity                  500: the fault is the model's
    the highest version answers                   the promoted one does
    metrics of its runtime                        counts and times of requests only

When you outgrow it, the same folder goes to TensorFlow Serving, KServe or Ray Serve, and the clients stay.
"""

from helpers.tools.serving.canary import Canary, end_canary, start_canary
from helpers.tools.serving.door import Limits
from helpers.tools.serving.web import application

__all__ = ["Canary", "Limits", "application", "end_canary", "start_canary"]
