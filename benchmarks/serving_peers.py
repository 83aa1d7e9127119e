"""Other servers for the classifier of serving.py, as their documentation writes one, in an environment of their own.

PYTHON serving_peers.py NAME FOLDER PORT WORKERS     NAME: fastapi litserve bentoml mlflow

FOLDER holds encoder.onnx, tokenizer.json and head.npz. Everybody computes with one thread a worker, and as Zhinan does:
texts of equal length together, so that nobody pays for padding. Servers start processes that import this file again and
read what was asked from the environment.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

if "SERVING_PEER" not in os.environ:
    os.environ["SERVING_PEER"] = "|".join(sys.argv[1:5])
NAME, FOLDER, PORT, WORKERS = os.environ["SERVING_PEER"].split("|")
BATCH = 32


class Classifier:
    """Texts to labels with their probabilities."""

    def __init__(self) -> None:
        import numpy
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(f"{FOLDER}/encoder.onnx", options, ["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(f"{FOLDER}/tokenizer.json")
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(128)
        head = numpy.load(f"{FOLDER}/head.npz")
        self.weights = head["weights"]
        self.numpy = numpy

    def predict(self, texts: list[str]) -> list[dict[str, Any]]:
        """One answer a text."""
        numpy = self.numpy
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        vectors = numpy.empty((len(texts), self.weights.shape[0]), numpy.float32)
        groups: dict[int, list[int]] = {}
        for place, row in enumerate(ids):
            groups.setdefault(len(row), []).append(place)
        for length, places in groups.items():
            most = max(512 // length, 1)
            for start in range(0, len(places), most):
                some = places[start : start + most]
                given = numpy.array([ids[place] for place in some], numpy.int64)
                vectors[some] = self.session.run(["embedding"], {"ids": given})[0]
        logits = vectors @ self.weights
        chances = numpy.exp(logits - logits.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        best = chances.argmax(1)
        return [
            {"label": f"class {label}", "probability": float(chance[label])}
            for label, chance in zip(best, chances, strict=True)
        ]


def fastapi() -> None:
    """A plain handler, uvicorn's workers."""
    import uvicorn

    sys.path.insert(0, str(Path(__file__).parent))
    uvicorn.run("serving_peers:application", factory=True, port=int(PORT), workers=int(WORKERS), log_level="warning",
                access_log=False)  # fmt: skip


def application() -> Any:
    """The FastAPI application of one worker."""
    from fastapi import FastAPI
    from pydantic import create_model

    made, classifier = FastAPI(), Classifier()
    row = create_model("Row", text=(str, ...))

    async def predict(given: Any) -> Any:  # in the worker's one thread: a plain def would have forty
        return classifier.predict([given.text])[0]

    predict.__annotations__["given"] = row
    made.post("/predict")(predict)
    return made


if NAME == "litserve":
    import litserve as framework

    class Api(framework.LitAPI):
        """LitServe's four verbs."""

        def setup(self, device: str) -> None:
            self.model = Classifier()

        def decode_request(self, request) -> str:  # type: ignore[no-untyped-def]
            return str(request["text"])

        def predict(self, texts: list[str]) -> list[dict[str, Any]]:
            return self.model.predict(texts)

        def encode_response(self, output: dict[str, Any]) -> dict[str, Any]:
            return output


def litserve() -> None:
    """LitServe with its batching."""
    api = Api(max_batch_size=BATCH, batch_timeout=0.002)
    server = framework.LitServer(api, accelerator="cpu", workers_per_device=int(WORKERS))
    server.run(port=int(PORT), num_api_servers=1, generate_client_file=False, log_level="warning")


def bentoml() -> None:
    """BentoML with adaptive batching; run by its own command."""
    os.environ["BENTOML_DO_NOT_TRACK"] = "true"
    folder = str(Path(__file__).parent)
    os.chdir(folder)
    command = ["bentoml", "serve", "serving_peers:Bento", "--port", PORT, "--working-dir", folder]
    os.execv(str(Path(sys.executable).with_name("bentoml")), command)


if NAME == "bentoml" and __name__ != "__main__":
    import bentoml as framework

    @framework.service(workers=int(WORKERS), traffic={"timeout": 30}, logging={"access": {"enabled": False}})
    class Bento:
        """The service that the command serves."""

        def __init__(self) -> None:
            self.model = Classifier()

        @framework.api(batchable=True, max_batch_size=BATCH, max_latency_ms=1000, route="/predict")
        def predict(self, text: list[str]) -> list[dict[str, Any]]:
            """Answers what waits together."""
            return self.model.predict(text)


def mlflow() -> None:
    """A pyfunc, served by MLflow's own scoring server."""
    import shutil

    place = f"{FOLDER}/mlflow-model"
    if not Path(place).exists():
        from mlflow.pyfunc import save_model

        code = Path(FOLDER) / "mlflow_code.py"
        code.write_text(
            "import sys\n"
            f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
            "import mlflow\nfrom serving_peers import Classifier\n"
            "class Model(mlflow.pyfunc.PythonModel):\n"
            "    def load_context(self, context):\n        self.model = Classifier()\n"
            "    def predict(self, context, model_input, params=None):\n"
            "        return self.model.predict([str(text) for text in model_input['text']])\n"
            "mlflow.models.set_model(Model())\n"
        )
        save_model(f"{place}.new", python_model=str(code), pip_requirements=[])
        shutil.move(f"{place}.new", place)
    command = ["mlflow", "models", "serve", "-m", place, "-p", PORT, "-w", WORKERS, "--env-manager", "local"]
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    os.execv(str(Path(sys.executable).with_name("mlflow")), command)


if __name__ == "__main__":
    {"fastapi": fastapi, "litserve": litserve, "bentoml": bentoml, "mlflow": mlflow}[NAME]()
