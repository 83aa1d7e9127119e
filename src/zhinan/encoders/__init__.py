"""Pretrained backbones and featurisers, one file per family: raw columns in, float features out."""

__all__: list[str] = []
