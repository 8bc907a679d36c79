"""Writes mobilenet_v2.json with PyTorch 1.13 and torchvision 0.14: python3 make.py WEIGHTS.safetensors [PHOTOGRAPHS]

WEIGHTS is TensorFlow's MobileNetV2 under torchvision's keys; PHOTOGRAPHS are pairs of a place to store and a file, or
ARCHIVE.zip!ENTRY. Images stay where they are: what is stored are their digests and five highest scores.
"""
import hashlib
import io
import json
import struct
import sys
import zipfile

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torchvision.models import mobilenet_v2

SIZE = 224


class SameConv2d(torch.nn.Conv2d):
    """Pads as TensorFlow does: just enough for ceil(side / stride) outputs, the odd pixel at the end."""

    def forward(self, x):
        pads = []
        for side, k, s in zip(x.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1]):
            total = max((-(-side // s) - 1) * s + k - side, 0)
            pads += [total // 2, total - total // 2]
        return F.conv2d(F.pad(x, pads), self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


def load(path):
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    state = {}
    for key, entry in header.items():
        begin, end = (8 + length + at for at in entry["data_offsets"])
        state[key] = torch.tensor(np.frombuffer(data[begin:end], np.float32).reshape(entry["shape"]))
    model = mobilenet_v2()
    for name, module in list(model.named_modules()):
        if isinstance(module, torch.nn.Conv2d):
            module.__class__ = SameConv2d
    state.update({k: v for k, v in model.state_dict().items() if k.endswith("num_batches_tracked")})
    model.load_state_dict(state, strict=True)
    return model.double().eval()


def shares(old, new):
    """Rows: the share of each old pixel in a new one; averages of areas where it shrinks, linear where it grows."""
    rows = np.zeros((new, old))
    for i in range(new):
        if new <= old:
            left, right = i * old / new, (i + 1) * old / new
            for p in range(int(left), min(old, int(np.ceil(right)))):
                rows[i, p] = min(right, p + 1) - max(left, p)
        else:
            at = min(max((i + 0.5) * old / new - 0.5, 0), old - 1)
            low = min(int(at), old - 2)
            rows[i, low : low + 2] = [1 - (at - low), at - low]
    return rows / rows.sum(1, keepdims=True)


def pixels(source):
    archive, _, entry = source.partition("!")
    data = zipfile.ZipFile(archive).read(entry) if entry else open(source, "rb").read()
    image = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float64)
    height, width, _ = image.shape
    image = np.einsum("yh,hwc,xw->yxc", shares(height, SIZE), image, shares(width, SIZE), optimize=True)
    return np.floor(image + 0.5), hashlib.sha256(data).hexdigest()


def unit(name, count):
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = ((h ^ byte) * 0x100000001B3) & (2**64 - 1)
    with np.errstate(over="ignore"):
        z = np.uint64(h) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(11)).astype(np.int64) - 2**52) * 2.0**-52


@torch.no_grad()
def top(model, images, count=5):
    logits = model(torch.as_tensor(images).double())[0]
    values, classes = logits.topk(count)
    return [[int(k), float(f"{v:.9g}")] for k, v in zip(classes, values)]


weights, *photographs = sys.argv[1:]
model = load(weights)
formula = unit("input", 3 * SIZE * SIZE).astype(np.float32).reshape(1, 3, SIZE, SIZE)
found = []
for name, source in zip(photographs[::2], photographs[1::2]):
    values, digest = pixels(source)
    scaled = (values / 127.5 - 1).transpose(2, 0, 1)[None]
    found.append({"place": name, "sha256": digest, "top": top(model, scaled)})
with open("mobilenet_v2.json", "w") as out:
    out.write('{\n"rule": "class and score, highest first; formula: images of ../FORMULA.md as they are",\n')
    out.write(f'"formula": {json.dumps(top(model, formula))},\n"photographs": [\n')
    out.write(",\n".join(json.dumps(entry) for entry in found) + "\n]\n}\n")
