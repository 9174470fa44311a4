"""Stands for TensorFlow Serving's port 8500: the same gRPC service, `Predict` alone, for one export.

What a client of the real server sends and receives is the same, because both sides use the messages
of `tensorflow-serving-api`.
"""

import concurrent.futures
import os

import grpc
from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
import tensorflow
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc


class _Predict(prediction_service_pb2_grpc.PredictionServiceServicer):
    def __init__(self, folder: str) -> None:
        self._artefact = tensorflow.saved_model.load(folder)

    def Predict(  # noqa: N802  (the service's own name)
        self, request: predict_pb2.PredictRequest, context: grpc.ServicerContext
    ) -> predict_pb2.PredictResponse:
        """Answer one request; an odd one is refused with INVALID_ARGUMENT and a sentence."""
        try:
            function = self._artefact.signatures[request.model_spec.signature_name or "serving_default"]
            inputs = {name: tensorflow.make_ndarray(tensor) for name, tensor in request.inputs.items()}
            outputs = function(**{name: tensorflow.constant(array) for name, array in inputs.items()})
        except Exception as error:  # what a client sends may be anything
            first_line = (str(error).strip().splitlines() or [""])[0]
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{type(error).__name__}: {first_line}")
        response = predict_pb2.PredictResponse(model_spec=request.model_spec)
        for name, tensor in outputs.items():
            response.outputs[name].CopyFrom(tensorflow.make_tensor_proto(tensor))
        return response


def start(folder: str | os.PathLike) -> tuple[grpc.Server, str]:
    """Serve an export on a free port of this machine; the server, to stop, and its address."""
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(2))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(_Predict(os.fspath(folder)), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, f"127.0.0.1:{port}"
