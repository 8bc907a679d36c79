"""The networks of the CPU benchmarks, of torchvision's trunks: `sqsnet-tiny`, `efficientnet_b0` and `sqsnet`."""
from torch import nn
from torchvision.models import efficientnet_b0, efficientnet_b6
from torchvision.models.efficientnet import EfficientNet, FusedMBConvConfig
from torchvision.models.swin_transformer import SwinTransformer

from quad_network import CLASSES, SqsNet

IMAGE_SIZE = {"sqsnet-tiny": 64, "efficientnet_b0": 224, "sqsnet": 224}


def create(name):
    if name == "efficientnet_b0":
        net = efficientnet_b0(num_classes=CLASSES, stochastic_depth_prob=0)
        net.classify = net.forward
        return net
    if name == "sqsnet":
        cnn, swin, width = efficientnet_b6(stochastic_depth_prob=0), Swin([4, 4], 96, [2, 2, 18, 2], [3, 6, 12, 24], [7, 7], 4.0), 1024
    else:
        blocks = [FusedMBConvConfig(4, 3, 2, 24, 32, 1), FusedMBConvConfig(4, 3, 2, 32, 64, 3), FusedMBConvConfig(4, 3, 1, 64, 96, 1)]
        cnn = EfficientNet(blocks, dropout=0, stochastic_depth_prob=0, last_channel=192)
        swin, width = Swin([4, 4], 48, [2, 2], [2, 3], [4, 4], 2.0), 128
    return SqsNet(cnn.features, cnn.features[-1].out_channels, swin, swin.norm.normalized_shape[0], width, residual=name == "sqsnet-tiny")


class Swin(SwinTransformer):
    """A Swin transformer as the function of its feature map."""

    def __init__(self, patch, width, depths, heads, window, mlp_ratio):
        super().__init__(patch, width, depths, heads, window, mlp_ratio, stochastic_depth_prob=0)
        self.head = nn.Identity()  # what is not used has no parameters

    def forward(self, images):
        return self.norm(self.features(images))
