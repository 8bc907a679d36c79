#!/usr/bin/env python3
"""The Python side of the benchmarks: stock PyTorch, torchvision and Pillow.

tests/SqsNet.Benchmarks starts it as `peer.py NAME THREADS WORK` and asks for one measurement after the other,
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

import networks
import quad_network

NAME, THREADS, WORK = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def step_benchmark():
    """A training step: on images without quads, on quads within the batch, or on explicit quads of four images each."""
    name, layout, images = WORK.split(",")
    net = networks.create(name)
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-4, weight_decay=1e-5)
    batch = torch.randn(int(images), 3, networks.IMAGE_SIZE[name], networks.IMAGE_SIZE[name])
    anchors = int(images) // 4 if layout == "explicit" else int(images)
    labels = torch.arange(anchors) % quad_network.CLASSES
    others = torch.randint(anchors, (3, anchors)) if layout == "inBatch" else None

    def compute():
        if layout == "plain":
            return nn.functional.cross_entropy(net(batch), labels, label_smoothing=quad_network.SMOOTHING)
        return quad_network.loss_of(net(batch, others), labels)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = compute()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, shapes(net)


def inference_benchmark():
    name, images = WORK.split(",")
    net = networks.create(name)
    batch = torch.randn(int(images), 3, networks.IMAGE_SIZE[name], networks.IMAGE_SIZE[name])
    # With the statistics that norms begin with, signals fade into numbers so small that processors are slow with them.
    for norm in (module for module in net.modules() if isinstance(module, nn.BatchNorm2d)):
        norm.momentum = 1.0
    with torch.no_grad():
        net.classify(batch)
    net.eval()

    def forward():
        with torch.inference_mode():
            return net.classify(batch).sum().item()

    return forward, shapes(net)


def shapes(net):
    """What shows that both sides train the same network."""
    return {"shapes": sorted("x".join(map(str, p.shape)) for p in net.parameters())}


def wave(shape):
    return torch.sin(torch.arange(torch.Size(shape).numel(), dtype=torch.float32)).view(shape)


def input_benchmark():
    """Batches of 64 faces by the transforms that a training script would use, one worker for each core."""
    from torchvision import datasets, transforms

    folder = datasets.ImageFolder(WORK)
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
    """10,000 JPEGs, stacked into one array file. It writes them first, from faces, as large as RAF-DB's."""
    import numpy
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(THREADS)
    jpegs = Path(WORK).parent / "jpegs"
    paths = sorted(sum(pool.map(write_jpegs, Path(WORK).rglob("*.png"), [jpegs] * 10_000, chunksize=64), []))[:10_000]

    def stack():
        faces = numpy.stack(list(pool.map(read_face, paths, chunksize=64)))
        numpy.save(jpegs.parent / "peer.npy", faces)

    return stack, {"folder": str(jpegs), "images": len(paths)}


def write_jpegs(face, jpegs):
    """Five JPEGs of a face, each turned a little differently."""
    from PIL import Image

    folder = jpegs / face.parent.name
    folder.mkdir(parents=True, exist_ok=True)
    image = Image.open(face).convert("RGB").resize((100, 100), Image.BICUBIC)
    paths = [str(folder / f"{face.stem}_{turn}.jpg") for turn in range(5)]
    for turn, path in enumerate(paths):
        image.rotate(3 * turn - 6, Image.BICUBIC).save(path, quality=95)
    return paths


def read_face(path):
    import numpy
    from PIL import Image

    return numpy.asarray(Image.open(path).convert("RGB").resize((64, 64), Image.BILINEAR))


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
