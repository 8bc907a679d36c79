#!/usr/bin/env python3
"""One training step of SQSNet in PyTorch with timm, on a GPU in bf16: the other side of `bench gpu`.

    peer.py MODEL QUADS VARIANT STEPS       MODEL: sqsnet | sqsnet-tiny     VARIANT: eager | eager_cl | compile_cl

A step is the forward pass over the four images of each quad, the paper's loss with distillation, the backward pass and a
fused AdamW. Prints one JSON object. With GPU_READY and GPU_LOCK set to files it makes the first when it has compiled and
takes its timed steps under the second's lock: several may then compile side by side.
"""
import fcntl
import json
import os
import sys
import time
from pathlib import Path

import timm
import torch
from timm.models._efficientnet_builder import decode_arch_def
from timm.models.efficientnet import EfficientNet
from timm.models.swin_transformer import SwinTransformer
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[1]))
from quad_network import CLASSES, SqsNet, loss_of  # noqa: E402

MODEL, QUADS, VARIANT, STEPS = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
SIZE = {"sqsnet": 224, "sqsnet-tiny": 64}[MODEL]


class Features(nn.Module):
    """A trunk as the function of its feature map."""

    def __init__(self, trunk):
        super().__init__()
        self.trunk = trunk

    def forward(self, images):
        return self.trunk.forward_features(images)


def network():
    cnn, swin, width = trunks()
    return SqsNet(Features(cnn), cnn.num_features, Features(swin), swin.num_features, width, residual=MODEL == "sqsnet-tiny")


def trunks():
    if MODEL == "sqsnet":
        cnn = timm.create_model("efficientnet_b6", num_classes=0)
        return cnn, timm.create_model("swin_small_patch4_window7_224", num_classes=0, drop_path_rate=0), 1024
    blocks = decode_arch_def([["er_r1_k3_s2_e4_c32"], ["er_r3_k3_s2_e4_c64"], ["er_r1_k3_s1_e4_c96"]])
    cnn = EfficientNet(blocks, num_classes=0, num_features=192, stem_size=24, act_layer=nn.SiLU)
    swin = SwinTransformer(64, 4, num_classes=0, embed_dim=48, depths=(2, 2), num_heads=(2, 3), window_size=4, mlp_ratio=2, drop_path_rate=0)
    return cnn, swin, 128


def main():
    device = torch.device("cuda")
    layout = torch.contiguous_format if VARIANT == "eager" else torch.channels_last
    net = network().to(device).to(memory_format=layout).train()
    images = torch.randn(4 * QUADS, 3, SIZE, SIZE, device=device).contiguous(memory_format=layout)
    labels = torch.randint(0, CLASSES, (QUADS,), device=device)
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-4, weight_decay=1e-5, fused=True)

    def compute(images, labels):
        with torch.autocast("cuda", dtype=torch.bfloat16):
            outputs = net(images)
        return loss_of(outputs, labels)

    compute = torch.compile(compute, dynamic=False) if VARIANT == "compile_cl" else compute

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = compute(images, labels)
        loss.backward()
        optimizer.step()
        return loss

    started = time.perf_counter()
    for _ in range(5):
        loss = step()
    torch.cuda.synchronize()
    warm_up = time.perf_counter() - started
    if lock := os.environ.get("GPU_LOCK"):
        Path(os.environ["GPU_READY"]).touch()
        held = open(lock, "w")  # closing it, or losing it, would give the lock up
        fcntl.flock(held, fcntl.LOCK_EX)
    started = time.perf_counter()
    for _ in range(STEPS):
        loss = step()
    torch.cuda.synchronize()
    milliseconds = (time.perf_counter() - started) / STEPS * 1000
    print(json.dumps({
        "name": f"{MODEL}, {QUADS} anchors, {VARIANT}",
        "peer": milliseconds,
        "unit": "ms per step",
        "details": {
            "images": 4 * QUADS,
            "parameters": sum(p.numel() for p in net.parameters()),
            "images per second": 4 * QUADS / milliseconds * 1000,
            "anchors per second": QUADS / milliseconds * 1000,
            "warm-up, s": warm_up,
            "peak allocated, GiB": torch.cuda.max_memory_allocated() / 2**30,
            "peak reserved, GiB": torch.cuda.max_memory_reserved() / 2**30,
            "last loss": loss.item(),
        },
        "versions": {"torch": torch.__version__, "timm": timm.__version__},
    }))


main()
