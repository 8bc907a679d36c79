"""Writes the checkpoints of this folder with PyTorch (1.13): python3 make.py"""
from collections import OrderedDict

import torch

base = torch.arange(24, dtype=torch.float32)
state = OrderedDict(
    weight=base[:12].view(3, 4) / 8,
    transposed=base.view(4, 6).t(),  # a view with strides, on a storage of its own
    shared=base[12:18],  # a view with an offset, on the same storage as "weight"
    half=torch.tensor([0.5, -2.0], dtype=torch.float16),
    brain=torch.tensor([1.5, 3.0], dtype=torch.bfloat16),
    double=torch.tensor([1e-300], dtype=torch.float64),
    bytes=torch.tensor([0, 255], dtype=torch.uint8),
    truth=torch.tensor([True, False]),
    parameter=torch.nn.Parameter(torch.tensor([7.0])),
    scalar=torch.tensor(3, dtype=torch.int64),
    empty=torch.zeros(0, 3),
)
state._metadata = OrderedDict({"": {"version": 1}})
torch.save(state, "zip.pth")
torch.save(state, "legacy.pth", _use_new_zipfile_serialization=False)
torch.save(state, "protocol4.pth", pickle_protocol=4)
spread = OrderedDict(("module." + key, value) for key, value in state.items())
torch.save({"epoch": 3, "best": 0.5, "args": None, "names": ["a", "b"], "state_dict": spread}, "training.pth")
torch.save(torch.nn.Linear(2, 2), "whole_module.pth")
