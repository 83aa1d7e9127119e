"""A tiny made-up encoder on disk: random weights in the layout of a published one, with a small tokenizer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

__all__ = ["WORDS", "written"]

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "my", "card", "is", "gone", "the", "fee", "why", "?", "卡", "丢", "了")


def written(folder: Path, *, width: int = 32, layers: int = 2, seed: int = 0) -> Path:
    """Writes model.safetensors, config.json and tokenizer.json, with one outlier channel as real encoders have."""
    from safetensors.numpy import save_file

    draw = np.random.default_rng(seed)

    def noise(*shape: int, scale: float = 0.2) -> np.ndarray:
        return (scale * draw.normal(size=shape)).astype(np.float32)

    arrays = {
        "embeddings.word_embeddings.weight": noise(len(WORDS), width),
        "embeddings.position_embeddings.weight": noise(64, width, scale=0.05),
        "embeddings.token_type_embeddings.weight": noise(2, width, scale=0.05),
    }
    norms = ["embeddings"]
    shapes = {
        "attention.self.query": (width, width), "attention.self.key": (width, width),
        "attention.self.value": (width, width), "attention.output.dense": (width, width),
        "intermediate.dense": (4 * width, width), "output.dense": (width, 4 * width),
    }  # fmt: skip
    for i in range(layers):
        for place, (out, into) in shapes.items():
            softly = 0.3 if place.endswith(("query", "key")) else 1.0  # or attention jumps at the slightest change
            arrays[f"encoder.layer.{i}.{place}.weight"] = noise(out, into, scale=softly / into**0.5)
            arrays[f"encoder.layer.{i}.{place}.bias"] = noise(out)
        norms += [f"encoder.layer.{i}.attention.output", f"encoder.layer.{i}.output"]
    for place in norms:
        gain = 1 + noise(width)
        gain[3] = 4.0
        arrays[f"{place}.LayerNorm.weight"] = gain
        arrays[f"{place}.LayerNorm.bias"] = noise(width)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(arrays, folder / "model.safetensors")
    config = {"hidden_act": "gelu", "num_hidden_layers": layers, "num_attention_heads": 4, "layer_norm_eps": 1e-12}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer(), ensure_ascii=False), "utf-8")
    return folder


def _tokenizer() -> dict[str, object]:
    vocabulary = {word: i for i, word in enumerate(WORDS)}
    special = [{"SpecialToken": {"id": t, "type_id": 0}} for t in ("[CLS]", "[SEP]")]
    added = {
        "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True,
    }  # fmt: skip
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": i, "content": word, **added} for i, word in enumerate(WORDS[:4])],
        "normalizer": {
            "type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special[0], {"Sequence": {"id": "A", "type_id": 0}}, special[1]],
            "pair": [special[0], {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {t: {"id": t, "ids": [vocabulary[t]], "tokens": [t]} for t in ("[CLS]", "[SEP]")},
        },
        "decoder": None,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary,
        },
    }  # fmt: skip
