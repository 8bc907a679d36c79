"""SQSNet in plain PyTorch, with the paper's loss: the network of the peers, on trunks that each of them brings along."""
import torch
import torch.nn.functional as F
from torch import nn

TAU, ALPHA, BETA, GAMMA, MARGIN, LAMBDA, SMOOTHING, CLASSES = 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.1, 7


class SqsNet(nn.Module):
    """Cross-attention of two feature maps and the SQS module.

    cnn    (N, 3, S, S) to (N, C, H, W), with C = cnn_width
    swin   (N, 3, S, S) to (N, H', W', C'), with C' = swin_width
    """

    def __init__(self, cnn, cnn_width, swin, swin_width, width, residual):
        super().__init__()
        self.cnn, self.swin, self.residual = cnn, swin, residual
        self.query, self.value = nn.Linear(cnn_width, width), nn.Linear(swin_width, width)
        self.base_head, self.enhanced_head = nn.Linear(width, CLASSES), nn.Linear(width, CLASSES)

    def fuse(self, images):
        maps = self.cnn(images)
        b, _, h, w = maps.shape
        query, value = self.query(maps.flatten(2).transpose(1, 2)), self.value(self.swin(images).flatten(1, 2))
        tokens = attention(query, value)
        tokens = tokens + query if self.residual else tokens
        return tokens.transpose(1, 2).reshape(b, -1, h, w)

    def forward(self, images, others=None):
        """Maps and logits of quads: of four blocks of images, or of a batch whose rows `others` (3, B) are the others."""
        fused = self.fuse(images)
        a, p, n1, n2 = fused.chunk(4) if others is None else (fused, *(fused[row] for row in others))
        s_ap, s_an1, s_an2 = (similarity(a, other) for other in (p, n1, n2))
        r = ALPHA * s_ap - BETA * (s_an1 + s_an2)
        refined = a + GAMMA * r.unsqueeze(1) * a
        return s_ap, s_an1, s_an2, self.base_head(a.mean((2, 3))), self.enhanced_head(refined.mean((2, 3)))

    def classify(self, images):
        """Logits of the base branch."""
        return self.base_head(self.fuse(images).mean((2, 3)))


def attention(query, value):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(query, value, value)
    return torch.softmax(query @ value.transpose(1, 2) / query.shape[-1] ** 0.5, -1) @ value


def similarity(f, g):
    return torch.exp(-((F.normalize(f, dim=1) - F.normalize(g, dim=1)) ** 2).sum(1) / TAU)


def loss_of(outputs, labels):
    s_ap, s_an1, s_an2, base, enhanced = (output.float() for output in outputs)
    quads = (F.relu(MARGIN + s_an1 - s_ap) + F.relu(MARGIN + s_an2 - s_ap)).mean()
    classes = F.cross_entropy(base, labels, label_smoothing=SMOOTHING) + F.cross_entropy(enhanced, labels, label_smoothing=SMOOTHING)
    teacher = F.log_softmax(enhanced.detach(), -1)
    distilled = (teacher.exp() * (teacher - F.log_softmax(base, -1))).sum(-1).mean()
    return classes + LAMBDA * quads + distilled
