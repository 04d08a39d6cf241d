"""nn.Sequential's way of thinking: modules for everything, the kernel filled by a formula, the sum by a module."""

import torch
from torch import nn


def fcn_fuse(coarse, fine, up):
    layer = nn.ConvTranspose2d(*up.shape[:2], up.shape[2:], stride=2, padding=1, bias=False).to(up)
    large = torch.func.functional_call(layer, {"weight": up}, coarse)
    return fine.add(large.narrow(2, 0, fine.size(2)).narrow(3, 0, fine.size(3)))


def _bilinear(k):
    centre = 1.5
    r, c = torch.meshgrid(torch.arange(4.0), torch.arange(4.0), indexing="ij")
    tent = (1 - (r - centre).abs() / 2) * (1 - (c - centre).abs() / 2)
    return torch.stack([torch.stack([tent if i == j else torch.zeros(4, 4) for j in range(k)]) for i in range(k)])


class FCN(nn.Module):
    def __init__(self, c=1, k=2, f=8):
        super(FCN, self).__init__()
        self.pool = nn.MaxPool2d(2, stride=2, ceil_mode=True)
        self.relu = nn.ReLU(inplace=True)
        self.up_fine = nn.ConvTranspose2d(k, k, kernel_size=4, stride=2, padding=1, bias=False)
        self.up_coarse = nn.ConvTranspose2d(k, k, kernel_size=4, stride=2, padding=1, bias=False)
        self.score_coarse = nn.Conv2d(4 * f, k, 1)
        self.score_fine = nn.Conv2d(2 * f, k, 1)
        self.conv3 = nn.Conv2d(2 * f, 4 * f, 3, padding="same")
        self.conv2 = nn.Conv2d(f, 2 * f, 3, padding="same")
        self.conv1 = nn.Conv2d(c, f, 3, padding="same")
        self.up_fine.load_state_dict({"weight": _bilinear(k)})
        self.up_coarse.weight = nn.Parameter(_bilinear(k))

    def forward(self, x):
        print("image", tuple(x.shape))
        size = x.shape[-2:]
        half = self.relu(self.conv2(self.pool(self.relu(self.conv1(x)))))
        quarter = self.relu(self.conv3(self.pool(half)))
        fused = fcn_fuse(self.score_coarse(quarter), self.score_fine(half), self.up_coarse.weight)
        return self.up_fine(fused)[..., : size[0], : size[1]]
