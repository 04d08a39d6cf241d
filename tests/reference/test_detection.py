"""The oracles of vision's boxes, networks and pictures, against truths that do not come from them."""

import itertools
import math

import torch
import torch.nn.functional as F

from reference.vision.detection import box_iou, localisation_loss, mask_rcnn_loss, nms, yolo_decode
from reference.vision.inspection import confusion_set, tile_filters, topk_error
from reference.vision.segmentation import bilinear, doubled, fcn_fuse


def boxes(count: int, seed: int) -> torch.Tensor:
    """Boxes with whole corners from 0 to 9, some of them empty."""
    generator = torch.Generator().manual_seed(seed)
    corner = torch.randint(0, 6, (count, 2), generator=generator)
    return torch.cat([corner, corner + torch.randint(0, 4, (count, 2), generator=generator)], 1).double()


def pixels(box: torch.Tensor) -> set[tuple[int, int]]:
    x1, y1, x2, y2 = map(int, box)
    return set(itertools.product(range(x1, x2), range(y1, y2)))


def test_iou_counts_the_pixels_of_boxes_with_whole_corners() -> None:
    a, b = boxes(12, 0), boxes(9, 1)
    found = box_iou(a, b)
    for i, j in itertools.product(range(12), range(9)):
        one, other = pixels(a[i]), pixels(b[j])
        assert math.isclose(found[i, j], len(one & other) / max(1, len(one | other)), abs_tol=1e-12)
    assert box_iou(a[:0], b).shape == (0, 9)


def test_nms_keeps_a_box_unless_one_kept_before_it_covers_it() -> None:
    """The definition: the kept boxes cover none of each other, and each dropped one is covered by a better one."""
    for seed in range(8):
        found, scores = boxes(14, seed), torch.randint(0, 5, (14,), generator=torch.Generator().manual_seed(seed)) / 4
        kept = nms(found, scores, 0.25).tolist()
        order = sorted(range(14), key=lambda index: (-scores[index].item(), index))
        assert kept == [index for index in order if index in kept]
        covers = (box_iou(found, found) > 0.25).tolist()
        for place, index in enumerate(order):
            assert (index in kept) != any(covers[better][index] for better in order[:place] if better in kept)
    assert nms(boxes(0, 0), torch.zeros(0), 0.5).tolist() == []


def test_decoding_finds_boxes_where_they_were_put() -> None:
    pred = torch.zeros(1, 4, 4, 13).double()
    pred[0, 2, 1, 5:] = torch.tensor([0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 1])  # the second of two boxes
    found, scores = yolo_decode(pred, 4, 2, 3)
    centre = torch.tensor([1.5 / 4, 2.25 / 4])
    half = torch.tensor([0.25, 0.125])
    index = (2 * 4 + 1) * 2 + 1
    assert torch.allclose(found[0, index], torch.cat([centre - half, centre + half]).double())
    assert scores[0, index].tolist() == [0.125, 0.25, 0.5]
    assert scores.count_nonzero() == 3


def test_losses_by_hand() -> None:
    labels, zeros = torch.tensor([0, 1, 2]), torch.zeros(3, 4).double()
    off = torch.tensor([[9.0, 9, 9, 9], [1, 0, 0, 0], [0, 3, 0, 0]]).double()
    loss = localisation_loss(torch.zeros(3, 3).double(), off, labels, zeros, weight=2.0)
    assert math.isclose(loss, math.log(3) + 2 * (1 + 9) / 8)
    logits = torch.zeros(3, 3, 2, 1).double()
    logits[1, 1, 0], logits[2, 2, 1] = 1000, -1000
    masks = torch.tensor([[0, 0], [0, 1], [0, 1]]).double()[:, :, None]
    per_class = torch.full((3, 3, 4), 7.0).double()
    per_class[1, 1], per_class[2, 2] = off[1], off[2]
    found = mask_rcnn_loss(torch.zeros(3, 3).double(), per_class, logits, labels, zeros, masks)
    wanted = math.log(3), (0.5 + 2.5) / 3, (1000 + math.log(2) + math.log(2) + 1000) / 4
    assert torch.allclose(torch.stack(found), torch.tensor(wanted).double())


def test_the_bilinear_kernel_interpolates_inside() -> None:
    x = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    large = doubled(x, bilinear(3), torch.zeros(1, 1, 8, 10))
    smooth = F.interpolate(x, scale_factor=2, mode="bilinear")
    assert torch.allclose(large[:, :, 1:-1, 1:-1], smooth[:, :, 1:-1, 1:-1], atol=1e-6)
    assert fcn_fuse(x, torch.ones(2, 3, 7, 9), bilinear(3)).allclose(large[:, :, :7, :9] + 1)


def test_pictures_and_shares_by_hand() -> None:
    picture = tile_filters(torch.arange(10.0).reshape(5, 1, 1, 2), pad=0)
    assert picture.tolist() == [[[0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 0]]]
    logits, y = torch.tensor([[3.0, 2, 1], [1, 2, 3], [1, 3, 2]]), torch.tensor([1, 0, 1])
    assert [round(topk_error(logits, y, k).item(), 3) for k in (1, 2, 3)] == [0.667, 0.333, 0]
    assert confusion_set(logits / 6, torch.tensor([0, 2, 2]), 2).tolist() == [[1, 2], [-1, -1], [1, 0]]
