"""Checks for vision/detection: boxes that overlap, the best of them, and the losses of detectors."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.drivers.vision import detection as driver
from autograder.judging.checks import law
from autograder.judging.compare import EXACT
from autograder.judging.driven import driven
from autograder.judging.kinds import ROUGH, SENSITIVE, single
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few
from autograder.model import Student, Unit
from autograder.units.vision import detection_data as data
from reference.vision import detection as oracle

THRESHOLDS = st.sampled_from([0.25, 0.5, 0.75])  # exact in binary, as the IoU of boxes with whole coordinates may be


def pair(n: int, m: int) -> Sizes:
    return Sizes({"a": (n, 4), "b": (m, 4)})


def found(n: int, iou: float) -> Sizes:
    return Sizes({"boxes": (n, 4), "scores": (n,)}, values={"iou": iou})


def grid(n: int, cells: int, boxes: int, classes: int) -> Sizes:
    return Sizes({"pred": (n, cells, cells, 5 * boxes + classes)}, values={"S": cells, "B": boxes, "C": classes})


def images(n: int, classes: int, weight: float = 1.0) -> Sizes:
    arrays = {"logits": (n, classes), "boxes": (n, 4), "labels": (n,), "target_boxes": (n, 4)}
    return Sizes(arrays, {"weight": weight}, left_out=("weight",) if weight == 1 else ())


def regions(r: int, k: int, h: int, w: int) -> Sizes:
    outputs = {"class_logits": (r, k), "boxes": (r, k, 4), "mask_logits": (r, k, h, w)}
    return Sizes({**outputs, "labels": (r,), "target_boxes": (r, 4), "target_masks": (r, h, w)})


@st.composite
def any_regions(draw: DrawFn, least: int = 2) -> Sizes:
    return regions(draw(st.integers(least, 6)), draw(st.integers(3, 5)), draw(st.integers(1, 4)), draw(few))


def any_images(weights: SearchStrategy[float], least: int = 2) -> SearchStrategy[Sizes]:
    return st.builds(images, st.integers(least, 6), st.integers(3, 5), weights)


BOXES = replace(ROUGH, name="boxes", data=data.crowded)
KEPT = replace(BOXES, bound=lambda case, name: EXACT, second_bound=None)
GRID = replace(BOXES, data=data.cells)
TARGETS = replace(BOXES, data=data.mixed)

# Without axes: how many boxes there are is never what a mistake depends on.
IOU = Layer.of("box_iou(a, b) -> overlaps", oracle=oracle.box_iou, kind=BOXES, single=single(BOXES))
NMS = Layer.of("nms(boxes, scores, iou) -> kept", oracle=oracle.nms, kind=KEPT)
DECODE = Layer.of(
    "yolo_decode(pred, S, B, C) -> boxes, scores", oracle=oracle.yolo_decode, kind=GRID, single=single(GRID),
    axes={"pred": "N S S D"},
)  # fmt: skip
LOCALISATION = Layer.of(
    "localisation_loss(logits, boxes, labels, target_boxes) -> loss", oracle=oracle.localisation_loss, kind=TARGETS,
    single=single(TARGETS), axes={"logits": "N K"},
)  # fmt: skip
SLOPES = Layer.of(
    "localisation_gradients(logits, boxes, labels, target_boxes) -> dlogits, dboxes",
    oracle=driven(driver.localisation_gradients, oracle), kind=TARGETS, functions=("localisation_loss",),
    axes={"logits": "N K"},
)  # fmt: skip
MASK_RCNN = Layer.of(
    "mask_rcnn_loss(class_logits, boxes, mask_logits, labels, target_boxes, target_masks)"
    " -> loss_class, loss_box, loss_mask",
    oracle=oracle.mask_rcnn_loss, kind=TARGETS, single=single(TARGETS), axes={"mask_logits": "N C H W"},
)  # fmt: skip
MASK_SLOPES = Layer.of(
    "mask_rcnn_gradients(class_logits, boxes, mask_logits, labels, target_boxes, target_masks)"
    " -> dclass_logits, dboxes, dmask_logits",
    oracle=driven(driver.mask_rcnn_gradients, oracle), kind=TARGETS, functions=("mask_rcnn_loss",),
    axes={"mask_logits": "N C H W", "dmask_logits": "N C H W"},
)  # fmt: skip

some, many = st.integers(2, 5), st.integers(2, 9)
OVERLAPPING = Stratum(
    "overlapping",
    "boxes that overlap, and boxes that do not",
    st.builds(pair, some, some),
    edges=(pair(5, 3), pair(2, 4)),
)
RELATED = Stratum(
    "related", "boxes that are equal, touch, or hold one another", st.builds(pair, many, many), edges=(pair(9, 8),),
    kind=replace(BOXES, data=data.related),
)  # fmt: skip
DIFFERENT = Stratum(
    "scores", "boxes with different scores", st.builds(found, many, THRESHOLDS), edges=(found(9, 0.25), found(7, 0.5))
)
CHAINED = Stratum(
    "chained", "each box overlaps its neighbours, some by exactly the threshold", st.builds(found, many, THRESHOLDS),
    kind=replace(KEPT, data=data.chained), count=12, edges=tuple(found(9, iou) for iou in (0.5, 0.5, 0.25, 0.75)),
)  # fmt: skip
CELLS = Stratum(
    "grid", "one or two boxes a cell", st.builds(grid, few, st.integers(2, 4), st.integers(1, 2), some),
    edges=(grid(2, 3, 1, 4), grid(2, 3, 2, 4)),
)  # fmt: skip
OBJECTS = Stratum(
    "objects", "images with and without an object", any_images(st.sampled_from([1.0, 0.5, 4.0])), edges=(images(5, 4),)
)
GRADIENTS = Stratum(
    "gradient", "autograd gets through it", any_images(st.sampled_from([1.0, 0.5])), count=5, edges=(images(5, 4),)
)
REGIONS = Stratum("regions", "objects and background", any_regions(), edges=(regions(5, 4, 3, 2), regions(6, 3, 1, 4)))
MASK_GRADIENTS = Stratum(
    "gradient", "autograd gets through it, to boxes and masks of the true class", any_regions(), count=5,
    edges=(regions(5, 4, 3, 2),),
)  # fmt: skip
### BEGIN HIDDEN TESTS
FLAT = Stratum(
    "flat", "boxes without area, or no boxes at all", hidden=True,
    sizes=st.builds(pair, st.integers(0, 4), st.integers(0, 4)),
    edges=(pair(4, 3), pair(0, 3), pair(2, 0), pair(0, 0)), kind=replace(BOXES, data=data.flat),
)  # fmt: skip
PRECISE = Stratum(
    "precision", "float64 in, float64 precision out", st.builds(pair, some, some), hidden=True, count=5,
    kind=replace(SENSITIVE, name="boxes", data=data.pixels), edges=(pair(4, 5),),
)  # fmt: skip
TIED = Stratum(
    "tied", "boxes with equal scores", st.builds(found, many, THRESHOLDS), hidden=True,
    kind=replace(KEPT, data=data.tied), edges=(found(9, 0.5),),
)  # fmt: skip
FEW = Stratum(
    "few", "one box, or none", st.builds(found, st.integers(0, 1), THRESHOLDS), hidden=True, count=3,
    edges=(found(0, 0.5), found(1, 0.5)),
)  # fmt: skip
SEVERAL = Stratum(
    "several", "other grids, with more boxes a cell", hidden=True,
    sizes=st.builds(grid, few, st.sampled_from([1, 5, 6]), st.integers(2, 4), some),
    edges=(grid(2, 3, 3, 4), grid(1, 7, 2, 20)),
)  # fmt: skip
EMPTY = Stratum(
    "empty", "no image has an object", any_images(st.just(1.0), 1), hidden=True, count=4,
    kind=replace(TARGETS, data=data.background), edges=(images(4, 3),),
)  # fmt: skip
EXTREME = Stratum(
    "extreme", "logits up to 1000, and no region with an object", any_regions(1), hidden=True,
    kind=replace(TARGETS, data=data.extreme), edges=(regions(4, 3, 2, 3), regions(2, 4, 3, 2)),
)  # fmt: skip
### END HIDDEN TESTS


@law(IOU, OVERLAPPING)
def symmetric(student: Student, case: LayerCase) -> None:
    """The IoU of two boxes does not depend on which of them comes first."""
    swapped = IOU.run(student, case, a=case["b"], b=case["a"])["overlaps"]
    IOU.same("overlaps", IOU.run(student, case)["overlaps"], swapped.T, 1e-5)


@law(IOU, OVERLAPPING)
def moved_together(student: Student, case: LayerCase) -> None:
    """Moving all boxes by the same step, or scaling them alike, changes no IoU."""
    before = IOU.run(student, case)["overlaps"]
    IOU.same("overlaps", IOU.run(student, case, a=case["a"] + 8, b=case["b"] + 8)["overlaps"], before, 1e-5)
    IOU.same("overlaps", IOU.run(student, case, a=case["a"] * 4, b=case["b"] * 4)["overlaps"], before, 1e-5)


@law(LOCALISATION, OBJECTS)
def boxes_of_nothing(student: Student, case: LayerCase) -> None:
    """What stands for a box where there is no object changes no loss."""
    moved: Any = case["boxes"] + (case["labels"] == 0)[:, None]
    LOCALISATION.same("loss", LOCALISATION.run(student, case, boxes=moved)["loss"], case.expected["loss"], 1e-5)


UNIT = Unit(
    path="vision/detection",
    title="Detection: boxes and losses",
    allowed_packages=("numpy", "torch"),
    driver="vision/detection",
    checks=(
        *layer_checks(
            IOU,
            forward={
                OVERLAPPING: 2, RELATED: 1,
                ### BEGIN HIDDEN TESTS
                FLAT: 1, PRECISE: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            NMS,
            forward={
                DIFFERENT: 2, CHAINED: 2,
                ### BEGIN HIDDEN TESTS
                TIED: 1, FEW: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            DECODE,
            forward={
                CELLS: {"boxes": 2, "scores": 1},
                ### BEGIN HIDDEN TESTS
                SEVERAL: {"boxes": 1, "scores": 1},
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            LOCALISATION,
            forward={
                OBJECTS: 2,
                ### BEGIN HIDDEN TESTS
                EMPTY: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(SLOPES, forward={GRADIENTS: {"dlogits": 0.5, "dboxes": 0.5}}),
        *layer_checks(
            MASK_RCNN,
            forward={
                REGIONS: {"loss_class": 1, "loss_box": 1, "loss_mask": 1},
                ### BEGIN HIDDEN TESTS
                EXTREME: {"loss_mask": 1},
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(MASK_SLOPES, forward={MASK_GRADIENTS: {"dboxes": 0.5, "dmask_logits": 0.5}}),
        symmetric, moved_together, boxes_of_nothing,
    ),
)  # fmt: skip
