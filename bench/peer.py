#!/usr/bin/env python3
"""The stock PyTorch side of the benchmarks `ops` and `step`.

tests/SqsNet.Benchmarks starts it as `peer.py NAME THREADS` and asks for one measurement after the other, alternating
with its own: each line on standard input is a number of iterations, each line of the answer their seconds and the seconds of all its threads. The first
line of the answer is a JSON object: versions, and for `step` the loss of the first step, by which both sides show that
they compute the same.
"""
import json
import sys
import time

import torch
from torch import nn

# Input channels, output channels and stride of each depthwise-separable block; the C# side has the same rows.
BLOCKS = [(16, 24, 2), (24, 24, 1), (24, 40, 2), (40, 40, 1), (40, 40, 1), (40, 80, 2), (80, 80, 1), (80, 80, 1), (80, 160, 1)]
BATCH, SIZE, CLASSES = 32, 96, 7


def conv(inputs, outputs, kernel, stride=1, groups=1):
    return [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(inplace=True),
    ]


def network():
    layers = conv(3, 16, 3, stride=2)
    for inputs, outputs, stride in BLOCKS:
        layers += conv(inputs, inputs, 3, stride, groups=inputs) + conv(inputs, outputs, 1)
    layers += conv(160, 320, 1) + [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(320, CLASSES)]
    net = nn.Sequential(*layers)
    with torch.no_grad():
        for p in net.parameters():
            if p.dim() >= 2:
                p.copy_(wave(p.shape) * (2 / p[0].numel()) ** 0.5)
        net[-1].bias.zero_()
    return net


def wave(shape):
    return torch.sin(torch.arange(torch.Size(shape).numel(), dtype=torch.float32)).view(shape)


def step_benchmark():
    net = network()
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-4, weight_decay=1e-5)
    images, labels = wave((BATCH, 3, SIZE, SIZE)), torch.arange(BATCH) % CLASSES

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(net(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, {"first_loss": step()}


def ops_benchmark():
    x, y = wave((64,)), wave((64,))

    def four():
        with torch.no_grad():
            return ((x * y) + y).relu().sum().item()

    return four, {}


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    run, facts = {"step": step_benchmark, "ops": ops_benchmark}[name]()
    print(json.dumps({"torch": torch.__version__, "python": sys.version.split()[0], **facts}), flush=True)
    for line in sys.stdin:
        iterations = int(line)
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(iterations):
            run()
        print(time.perf_counter() - wall, time.process_time() - cpu, flush=True)


main()
