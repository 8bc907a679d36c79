#!/usr/bin/env python3
"""The Python side of the benchmarks: stock PyTorch, torchvision and Pillow.

tests/SqsNet.Benchmarks starts it as `peer.py NAME THREADS FOLDER` and asks for one measurement after the other,
alternating with its own: each line on standard input is a number of iterations, each line of the answer their seconds
and the seconds of all its threads and workers. The first line of the answer is a JSON object: versions, and for `step`
and `inference` a first result, by which both sides show that they compute the same.
"""
import json
import os
import sys
import time
from pathlib import Path

import torch
from torch import nn

# Input channels, output channels and stride of each depthwise-separable block; the C# side has the same rows.
BLOCKS = [(16, 24, 2), (24, 24, 1), (24, 40, 2), (40, 40, 1), (40, 40, 1), (40, 80, 2), (80, 80, 1), (80, 80, 1), (80, 160, 1)]
BATCH, SIZE, CLASSES = 32, 96, 7
NAME, THREADS, FOLDER = sys.argv[1], int(sys.argv[2]), sys.argv[3]


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


def inference_benchmark():
    net = network().eval()
    images = wave((BATCH, 3, SIZE, SIZE))

    def forward():
        with torch.no_grad():
            return net(images).sum().item()

    return forward, {"first_output": forward()}


def input_benchmark():
    """Batches of 64 faces by the transforms that a training script would use, one worker for each core."""
    from torchvision import datasets, transforms

    folder = datasets.ImageFolder(FOLDER)
    faces = [(folder.loader(path), label) for path, label in folder.samples]  # decoded once, as ours are
    change = transforms.Compose([
        transforms.RandomHorizontalFlip(),
        transforms.RandomAffine(10, translate=(0.05, 0.05), scale=(0.92, 1.08), interpolation=transforms.InterpolationMode.BILINEAR),
        transforms.ColorJitter(brightness=0.2, contrast=0.2),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        transforms.RandomErasing(0.5),
    ])

    class Faces(torch.utils.data.Dataset):
        def __len__(self):
            return len(faces) * 1000  # as good as endless: workers are not started anew in the measurement

        def __getitem__(self, index):
            image, label = faces[index % len(faces)]
            return change(image), label

    batches = iter(torch.utils.data.DataLoader(Faces(), batch_size=64, num_workers=THREADS))
    return lambda: next(batches), {}


def import_benchmark():
    import numpy
    from concurrent.futures import ProcessPoolExecutor

    paths = sorted(str(path) for path in Path(FOLDER).rglob("*.png"))
    pool = ProcessPoolExecutor(THREADS)

    def stack():
        faces = numpy.stack(list(pool.map(read_face, paths, chunksize=64)))
        numpy.save(Path(FOLDER).parent / "peer.npy", faces)

    return stack, {}


def read_face(path):
    import numpy
    from PIL import Image

    return numpy.asarray(Image.open(path).convert("RGB").resize((48, 48), Image.BILINEAR))


def ops_benchmark():
    x, y = wave((64,)), wave((64,))

    def four():
        with torch.no_grad():
            return ((x * y) + y).relu().sum().item()

    return four, {}


def processor_time():
    """Seconds of this process and of its workers."""
    ticks = 0
    for children in Path("/proc/self/task").glob("*/children"):
        for worker in children.read_text().split():
            ticks += sum(map(int, Path(f"/proc/{worker}/stat").read_text().rsplit(")")[1].split()[11:13]))
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def main():
    if THREADS > 0:  # else as installed
        torch.set_num_threads(THREADS)
    benchmarks = {
        "step": step_benchmark,
        "inference": inference_benchmark,
        "input": input_benchmark,
        "import": import_benchmark,
        "ops": ops_benchmark,
    }
    run, facts = benchmarks[NAME]()
    print(json.dumps({"torch": torch.__version__, "python": sys.version.split()[0], **facts}), flush=True)
    for line in sys.stdin:
        iterations = int(line)
        wall, cpu = time.perf_counter(), processor_time()
        for _ in range(iterations):
            run()
        print(time.perf_counter() - wall, processor_time() - cpu, flush=True)


main()
