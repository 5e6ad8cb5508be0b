"""The sentence of one's own in a script: by this network, and by a pretrained one behind its switch."""

import json
import subprocess
import sys
from pathlib import Path

from core.export.sentences import own_sentence_section
from core.runs.config import RunConfig

# Stands for the library, which downloads its network: signatures and answers are those of
# `transformers.pipeline` and `TextClassificationPipeline.__call__`.
TRANSFORMERS = '''
class TextClassificationPipeline:
    def __call__(self, inputs, **kwargs):
        assert isinstance(inputs, (str, list)) and not kwargs
        asked = [inputs] if isinstance(inputs, str) else inputs
        return [{"label": "POSITIVE", "score": 0.75} for _ in asked]


def pipeline(task=None, model=None, config=None, tokenizer=None, feature_extractor=None, image_processor=None,
             processor=None, revision=None, use_fast=True, token=None, device=None, device_map=None,
             dtype="auto", trust_remote_code=None, model_kwargs=None, pipeline_class=None, **kwargs):
    assert task in ("sentiment-analysis", "text-classification") and model is None and not kwargs
    return TextClassificationPipeline()
'''
BEFORE = '''
import json, sys
import numpy as np

encoded = lambda sentences: np.ones((len(sentences), 4), "int32")


class model:
    predict = staticmethod(lambda x, verbose: np.tile([0.25, 0.75], (len(x), 1)))


classifier = model
'''
AFTER = '\nprint(json.dumps([sentiment(SENTENCE), "transformers" in sys.modules]))\n'


def printed(folder: Path, code: str) -> str:
    """What a process of its own prints that finds the library beside its script."""
    (folder / "transformers.py").write_text(TRANSFORMERS, "utf-8")
    (folder / "script.py").write_text(BEFORE + code + AFTER, "utf-8")
    return subprocess.run([sys.executable, "script.py"], cwd=folder, check=True, capture_output=True,
                          text=True, timeout=120).stdout


def test_the_pretrained_network_is_asked_only_if_it_is_switched_on(tmp_path: Path):
    [section] = own_sentence_section(RunConfig(dataset="sentence_polarity", architecture="embeddings"))
    own, last = printed(tmp_path, section.code).splitlines()
    assert own == "this network: [{'label': 'positive', 'score': 0.75}]"
    assert json.loads(last) == [[{"label": "positive", "score": 0.75}], False]

    switched = section.code.replace("PRETRAINED = False", "PRETRAINED = True")
    assert switched != section.code
    _, pretrained, last = printed(tmp_path, switched).splitlines()
    # Both answer in the same form.
    assert pretrained == "pretrained: [{'label': 'POSITIVE', 'score': 0.75}]" and json.loads(last)[1]
