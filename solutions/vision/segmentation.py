"""Segmentation: a class for every pixel, by a network that has nothing but convolutions.

A network that classifies images becomes one that classifies pixels if its dense layers turn into convolutions of size
1 (FCN, Long et al. 2015). Its scores are coarse, since pooling has thrown positions away. Transposed convolutions
enlarge them again, and a skip connection brings in scores from a layer that still saw more. The lectures show it as
FCN-32, FCN-16 and FCN-8; here is a small one, and it counts nuclei in pictures of 32 x 32 pixels.

Rules for all functions here:
- You get and return PyTorch tensors. Images are of shape (N, C, H, W), scores of shape (N, K, H, W) for K classes,
  before any softmax.
- The kernel of a transposed convolution is of shape (in, out, KH, KW), as in PyTorch.
- Results have the dtype and the device of the tensors you are given. Do not change those tensors.
- Autograd must find its way through.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def fcn_fuse(coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
    """Enlarge coarse scores to twice their size, and add fine ones.

    A transposed convolution with stride 2, padding 1 and a kernel of 4 x 4 makes 2h x 2w pixels of h x w. If the fine
    scores have one row or column less (they were 5 pixels before they were halved to 3), cut the result off at the
    bottom and the right.

    Args:
        coarse: scores of shape (N, K, h, w).
        fine: scores of shape (N, K, H, W), where H is 2h or 2h - 1, and W is 2w or 2w - 1.
        up: the kernel of the transposed convolution, of shape (K, K, 4, 4).

    Returns:
        The sum, of shape (N, K, H, W).

    One coarse pixel, and a kernel of ones:

    >>> fcn_fuse(torch.full((1, 1, 1, 1), 5.0), torch.tensor([[[[0.0, 1.0], [2.0, 3.0]]]]), torch.ones(1, 1, 4, 4))
    tensor([[[[5., 6.],
              [7., 8.]]]])
    """
    ### BEGIN SOLUTION
    large = F.conv_transpose2d(coarse, up, stride=2, padding=1)
    height, width = fine.shape[2:]
    return large[:, :, :height, :width] + fine
    ### END SOLUTION


class FCN(nn.Module):
    """A fully convolutional network with one skip connection.

    With F = width, these are its layers, by the names of its attributes, with biases except where it says otherwise:

        conv1          nn.Conv2d, C to F channels, 3 x 3, padding 1
        conv2          nn.Conv2d, F to 2F channels, 3 x 3, padding 1
        conv3          nn.Conv2d, 2F to 4F channels, 3 x 3, padding 1
        score_fine     nn.Conv2d, 2F to K channels, 1 x 1
        score_coarse   nn.Conv2d, 4F to K channels, 1 x 1
        up_coarse      nn.ConvTranspose2d, K to K channels, 4 x 4, stride 2, padding 1, no bias
        up_fine        the same

    An image x goes through conv1, ReLU, pooling, conv2, ReLU, pooling, conv3, ReLU; pooling takes the largest of 2 x 2
    and rounds sizes up (ceil_mode=True). score_coarse reads what comes out in the end, score_fine what conv2 and its
    ReLU give, before they are pooled. `fcn_fuse` joins the two with the kernel of up_coarse. up_fine enlarges the sum
    to twice its size again, cut off at the bottom and the right to the size of x.

    Both layers that enlarge begin as bilinear interpolation, and are trained like all others: each class is
    enlarged on its own, so that up.weight[i, j] is 0 for i != j, and the outer product of (1/4, 3/4, 3/4, 1/4) with
    itself for i == j. Other layers begin as PyTorch makes them. The first line of __init__ is `super().__init__()`.

    Args:
        in_channels: C.
        num_classes: K.
        width: F.

    >>> net = FCN(in_channels=1, num_classes=2, width=3)
    >>> net(torch.zeros(5, 1, 32, 31)).shape
    torch.Size([5, 2, 32, 31])
    >>> net.up_fine.weight[1, 1, 0] * 16
    tensor([1., 3., 3., 1.], grad_fn=<MulBackward0>)
    """

    def __init__(self, in_channels: int = 1, num_classes: int = 2, width: int = 8) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.conv3 = nn.Conv2d(2 * width, 4 * width, 3, padding=1)
        self.score_fine = nn.Conv2d(2 * width, num_classes, 1)
        self.score_coarse = nn.Conv2d(4 * width, num_classes, 1)
        self.up_coarse = nn.ConvTranspose2d(num_classes, num_classes, 4, stride=2, padding=1, bias=False)
        self.up_fine = nn.ConvTranspose2d(num_classes, num_classes, 4, stride=2, padding=1, bias=False)
        ramp = torch.tensor([0.25, 0.75, 0.75, 0.25])
        with torch.no_grad():
            for layer in (self.up_coarse, self.up_fine):
                layer.weight.zero_()
                for k in range(num_classes):
                    layer.weight[k, k] = torch.outer(ramp, ramp)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """The scores of each pixel of x (N, C, H, W): shape (N, K, H, W)."""
        ### BEGIN SOLUTION
        fine = F.relu(self.conv1(x))
        fine = F.relu(self.conv2(F.max_pool2d(fine, 2, ceil_mode=True)))
        coarse = F.relu(self.conv3(F.max_pool2d(fine, 2, ceil_mode=True)))
        fused = fcn_fuse(self.score_coarse(coarse), self.score_fine(fine), self.up_coarse.weight)
        height, width = x.shape[2:]
        return self.up_fine(fused)[:, :, :height, :width]
        ### END SOLUTION
