"""Known mistakes of vision/segmentation: how the network is wired."""

import torch.nn.functional as F
from torch import Tensor

from autograder.model import Misconception
from reference.vision.segmentation import FCN, doubled, fcn_fuse


class _Detached(FCN):
    """The skip brings in numbers, but no gradient goes back."""

    def fuse(self, coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
        return fcn_fuse(coarse, fine.detach(), up)


class _DetachedKernel(FCN):
    def fuse(self, coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
        return fcn_fuse(coarse, fine, up.detach())


class _Rewired(FCN):
    """The forward pass in steps, each of which a mistake replaces."""

    def active(self, x: Tensor) -> Tensor:
        return F.relu(x)

    def last(self, x: Tensor) -> Tensor:
        return F.relu(x)

    def finish(self, scores: Tensor) -> Tensor:
        return scores

    def scored(self, x: Tensor) -> Tensor:
        return x

    def forward(self, x: Tensor) -> Tensor:
        first = self.active(self.conv1(x))
        second = self.active(self.conv2(self.smaller(first)))
        third = self.last(self.conv3(self.smaller(second)))
        coarse, fine = self.scored(self.score_coarse(third)), self.scored(self.score_fine(second))
        return self.finish(doubled(self.fuse(coarse, fine, self.up_coarse.weight), self.up_fine.weight, x))


class _NoReLU(_Rewired):
    def active(self, x: Tensor) -> Tensor:
        return x

    def last(self, x: Tensor) -> Tensor:
        return x


class _LastReLUForgotten(_Rewired):
    def last(self, x: Tensor) -> Tensor:
        return x


class _ScoresThroughReLU(_Rewired):
    def scored(self, x: Tensor) -> Tensor:
        return F.relu(x)


class _Softmax(_Rewired):
    def finish(self, scores: Tensor) -> Tensor:
        return scores.softmax(1)


class _Sigmoid(_Rewired):
    def finish(self, scores: Tensor) -> Tensor:
        return scores.sigmoid()


class _MeanPooling(FCN):
    def smaller(self, x: Tensor) -> Tensor:
        return F.avg_pool2d(x, 2, ceil_mode=True)


class _RoundedDown(FCN):
    """Sizes that are rounded down, and zeros where pixels are missing in the end."""

    def smaller(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, 2)

    def fuse(self, coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
        return _filled(doubled(coarse, up, fine), fine) + fine

    def forward(self, x: Tensor) -> Tensor:
        return _filled(super().forward(x), x)


def _filled(scores: Tensor, like: Tensor) -> Tensor:
    return F.pad(scores, (0, like.shape[3] - scores.shape[3], 0, like.shape[2] - scores.shape[2]))


class _FineFromConv1(FCN):
    """Reads the fine scores before the ReLU."""

    def forward(self, x: Tensor) -> Tensor:
        second = self.conv2(self.smaller(F.relu(self.conv1(x))))
        third = F.relu(self.conv3(self.smaller(F.relu(second))))
        fused = self.fuse(self.score_coarse(third), self.score_fine(second), self.up_coarse.weight)
        return doubled(fused, self.up_fine.weight, x)


class _Exchanged(FCN):
    """Enlarges first with up_fine, then with up_coarse."""

    def forward(self, x: Tensor) -> Tensor:
        second = F.relu(self.conv2(self.smaller(F.relu(self.conv1(x)))))
        third = F.relu(self.conv3(self.smaller(second)))
        fused = self.fuse(self.score_coarse(third), self.score_fine(second), self.up_fine.weight)
        return doubled(fused, self.up_coarse.weight, x)


class _PooledFirst(FCN):
    """Pools before the ReLU and before the first convolution's neighbours are seen: the image itself is pooled."""

    def forward(self, x: Tensor) -> Tensor:
        second = F.relu(self.conv2(F.relu(self.conv1(self.smaller(x)))))
        third = F.relu(self.conv3(self.smaller(second)))
        fused = self.fuse(self.score_coarse(third), self.score_fine(second), self.up_coarse.weight)
        return doubled(fused, self.up_fine.weight, x)


class _NotEnlarged(FCN):
    def forward(self, x: Tensor) -> Tensor:
        second = F.relu(self.conv2(self.smaller(F.relu(self.conv1(x)))))
        third = F.relu(self.conv3(self.smaller(second)))
        return self.fuse(self.score_coarse(third), self.score_fine(second), self.up_coarse.weight)


class _EnlargedByRepeating(FCN):
    def forward(self, x: Tensor) -> Tensor:
        second = F.relu(self.conv2(self.smaller(F.relu(self.conv1(x)))))
        third = F.relu(self.conv3(self.smaller(second)))
        fused = self.fuse(self.score_coarse(third), self.score_fine(second), self.up_coarse.weight)
        return F.interpolate(fused, scale_factor=2)[:, :, : x.shape[2], : x.shape[3]]


class _LastNotCut(FCN):
    def forward(self, x: Tensor) -> Tensor:
        second = F.relu(self.conv2(self.smaller(F.relu(self.conv1(x)))))
        third = F.relu(self.conv3(self.smaller(second)))
        fused = self.fuse(self.score_coarse(third), self.score_fine(second), self.up_coarse.weight)
        large: Tensor = self.up_fine(fused)
        return large


NETWORK = (
    Misconception(
        "skip-without-gradient",
        "No gradient gets through the skip connection.",
        "Leave out detach(): the early layers learn through the skip too.",
        {"FCN": _Detached},
    ),
    Misconception(
        "kernel-without-gradient",
        "No gradient gets to the kernel of up_coarse.",
        "Hand over up_coarse.weight itself, without detach() or .data.",
        {"FCN": _DetachedKernel},
    ),
    Misconception(
        "no-activations",
        "You leave out the ReLUs.",
        "Without them, three convolutions are one: ReLU comes after each.",
        {"FCN": _NoReLU},
    ),
    Misconception(
        "last-activation-forgotten",
        "You leave out the ReLU after conv3.",
        "conv3, ReLU, and then the coarse scores.",
        {"FCN": _LastReLUForgotten},
    ),
    Misconception(
        "scores-through-relu",
        "You put the scores through a ReLU.",
        "Scores may be negative: they go on as they are.",
        {"FCN": _ScoresThroughReLU},
    ),
    Misconception(
        "softmax-at-the-end",
        "You return probabilities.",
        "Scores are asked for: the loss applies the softmax itself.",
        {"FCN": _Softmax},
    ),
    Misconception(
        "sigmoid-at-the-end",
        "You put the scores through a sigmoid.",
        "Scores are asked for as they are.",
        {"FCN": _Sigmoid},
    ),
    Misconception(
        "mean-for-max-pooling",
        "You pool by the mean.",
        "Pooling takes the largest of 2 x 2 here.",
        {"FCN": _MeanPooling},
    ),
    Misconception(
        "pooling-rounded-down",
        "Your pooling rounds sizes down, and the last row or column of the result is made up.",
        "ceil_mode=True: the last window may stick out.",
        {"FCN": _RoundedDown},
    ),
    Misconception(
        "fine-scores-before-relu",
        "You read the fine scores before the ReLU.",
        "conv2, ReLU, and then the fine scores, before the map is pooled.",
        {"FCN": _FineFromConv1},
    ),
    Misconception(
        "enlarging-layers-exchanged",
        "You use up_fine first and up_coarse last.",
        "up_coarse belongs to the coarse scores, up_fine to the sum.",
        {"FCN": _Exchanged},
    ),
    Misconception(
        "image-pooled-first",
        "You pool the image before conv1.",
        "conv1 sees the image at its full size; pooling comes after its ReLU.",
        {"FCN": _PooledFirst},
    ),
    Misconception(
        "left-at-half-size",
        "You return scores of half the size.",
        "up_fine enlarges them once more, to the size of the image.",
        {"FCN": _NotEnlarged},
    ),
    Misconception(
        "enlarged-by-repeating",
        "You enlarge the sum by repeating pixels.",
        "up_fine is there for that.",
        {"FCN": _EnlargedByRepeating},
    ),
    Misconception(
        "result-not-cut-off",
        "Your scores are larger than the image where its sides cannot be halved twice.",
        "Cut them off at the bottom and the right, to the size of x.",
        {"FCN": _LastNotCut},
    ),
)
