"""Writes positions.json with timm (1.0.29) on PyTorch 1.13: python3 make.py (timm on PYTHONPATH)

Tables and weights are the formula's of ../FORMULA.md; what timm makes of them for another size of image is stored.
"""
import json

import numpy as np
import timm
import torch
from timm.layers import resample_abs_pos_embed, resize_rel_pos_bias_table
from timm.models import swin_transformer, vision_transformer

CLASSES = 7


def fill(name, shape, scale):
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = ((h ^ byte) * 0x100000001B3) & (2**64 - 1)
    with np.errstate(over="ignore"):
        z = np.uint64(h) + np.arange(1, np.prod(shape) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    u = ((z >> np.uint64(11)).astype(np.int64) - 2**52) * 2.0**-52
    return torch.tensor((scale[0] + scale[1] * u).astype(np.float32)).reshape(shape)


def weight(name, shape):
    if len(shape) >= 2:
        return fill(name, shape, (0, np.sqrt(3.0 / np.prod(shape[1:]))))
    return fill(name, shape, (1, 0.1) if name.endswith("weight") else (0, 0.1))


def rounded(tensor):
    return [float(f"{v:.9g}") for v in tensor.double().flatten().tolist()]


def positions(old, new, channels=3):
    table = fill("pos_embed", (1, 1 + old * old, channels), (0, 1))
    fitted = resample_abs_pos_embed(table, [new, new])
    return {"from": [*table.shape], "to": [*fitted.shape], "values": rounded(fitted)}


def biases(old, new, heads=2):
    table = fill("relative_position_bias_table", ((2 * old - 1) ** 2, heads), (0, 1))
    shape = ((2 * new - 1) ** 2, heads)
    fitted = resize_rel_pos_bias_table(table, (new, new), shape)
    return {"from": [*table.shape], "to": [*shape], "values": rounded(fitted)}


@torch.no_grad()
def network(name, module, size):
    state = timm.create_model(name, num_classes=CLASSES).state_dict()
    state = {key: weight(key, value.shape) for key, value in state.items()}
    model = timm.create_model(name, num_classes=CLASSES, img_size=size).eval()
    model.load_state_dict(module.checkpoint_filter_fn(dict(state), model), strict=True)
    images = fill("input", (2, 3, size, size), (0, 1))
    tables = {k: [*v.shape] for k, v in model.state_dict().items() if "pos_embed" in k or "bias_table" in k}
    return {"size": size, "tables": tables, "logits": rounded(model(images))}


json.dump(
    {
        "rule": "tables are the formula's u of their leaf; networks are filled at 224 pixels and loaded at size",
        "pos_embed": [positions(*sides) for sides in [(14, 7), (14, 6), (4, 9), (3, 3)]],
        "relative_position_bias_table": [biases(*windows) for windows in [(7, 4), (7, 2), (7, 1), (4, 7), (2, 6)]],
        "networks": {
            "swin_tiny_patch4_window7_224": [
                network("swin_tiny_patch4_window7_224", swin_transformer, size) for size in (64, 112, 256)
            ],
            "vit_small_patch16_224": [
                network("vit_small_patch16_224", vision_transformer, size) for size in (96, 240)
            ],
        },
    },
    open("positions.json", "w"),
)
