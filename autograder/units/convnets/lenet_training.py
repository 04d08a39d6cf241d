"""The checks of convnets/lenet that train on digits: by heart, on new ones, shifted, with their pixels permuted."""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from numpy.typing import NDArray

from autograder.errors import Mismatch
from autograder.judging.cases import Cases
from autograder.judging.checks import check
from autograder.judging.compare import compare, expect_array
from autograder.judging.digits import linear_accuracy
from autograder.model import Request, Rng, Student
from reference import datasets
from reference.convnets import lenet as oracle

Array = NDArray[Any]
HELD_BACK = 1400  # digits from here on are for reading only


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """Digits of shape (N, 1, 8, 8) to train on and to read, and parameters to start from."""

    seed: int
    params: dict[str, Array]
    x: Array
    y: Array
    new_x: Array
    new_y: Array

    def training(self, x: Array, later: int = 0, **options: Any) -> Request:
        options |= {"lr": 0.025, "rng": Rng(self.seed + later)}
        return Request("train", (self.params, x, self.y), options)


@functools.cache
def _digits(seed: int, count: int) -> Digits:
    x, y = datasets.digits()
    order = np.random.default_rng(seed).permutation(len(x))
    chosen, rest = order[:count], order[HELD_BACK:]
    generator = torch.Generator().manual_seed(seed)
    shapes = oracle.shapes(1, (8, 16), (3, 3), (8, 8), 64, 10)
    drawn = {name: oracle.he_init(generator, shape).numpy() for name, shape in shapes.items() if name[0] == "w"}
    params = {name: drawn.get(name, np.zeros(shape)) for name, shape in shapes.items()}
    return Digits(seed, params, x[chosen], y[chosen], x[rest], y[rest])


@functools.cache
def _long_training(case: Digits) -> Request:
    """One request for two checks, so that a submission trains once."""
    return case.training(case.x, epochs=10, batch_size=64)


def digits(name: str, count: int) -> Cases:
    build = functools.partial(_digits, count=count)
    return Cases(f"train.{name}", st.just(0), build=build, count=1)  # nothing to shrink: training is slow


def _trained(student: Student, case: Digits, request: Request) -> dict[str, Array]:
    """The parameters that the submission comes to, in the right form."""
    params = student.ask(request)
    if not isinstance(params, dict) or set(params) != set(case.params):
        raise Mismatch("train should return a dict with the keys of params", kind="type", got=params)
    for name, value in case.params.items():
        expect_array(f"params[{name!r}]", params[name], value)
    return params


def _accuracy(params: dict[str, Array], x: Array, y: Array) -> float:
    tensors = {name: torch.from_numpy(value.astype(np.float64)) for name, value in params.items()}
    return oracle.accuracy(tensors, torch.from_numpy(x), torch.from_numpy(y))


@check("train", given=digits("order", 20), points=1)
def takes_its_order_from_rng(student: Student, case: Digits) -> None:
    """train returns params as they are after 0 epochs, and takes the order of the images from rng."""
    none = _trained(student, case, case.training(case.x, epochs=0, batch_size=8))
    one, again, other = (
        _trained(student, case, case.training(case.x, later, epochs=2, batch_size=8)) for later in (0, 0, 1)
    )
    for name, value in case.params.items():
        compare(f"params[{name!r}] after 0 epochs", none[name], value, 1e-6)
        compare(f"params[{name!r}], trained again with the same seed,", again[name], one[name], 1e-6)
    if all(np.allclose(one[name], other[name], 1e-9, 1e-12) for name in one):
        raise Mismatch("two seeds of rng give the same parameters: shuffle the images in each epoch", kind="values")


@check("train", given=digits("experiment.overfit", 20), points=1)
def overfits_20_digits_experiment(student: Student, case: Digits) -> None:
    """Experiment: after 40 epochs, train has learnt 20 digits by heart."""
    params = _trained(student, case, case.training(case.x, epochs=40, batch_size=20))
    found = _accuracy(params, case.x, case.y)
    if not found >= 0.95:
        raise Mismatch(f"{found:.0%} of the 20 digits that it was trained on are read rightly, but 95 % should be")


@check("train", given=digits("experiment.permuted", 1000), points=1)
def permuted_pixels_experiment(student: Student, case: Digits) -> None:
    """Experiment: with the pixels of all images permuted alike, the network reads fewer: it looks at neighbours."""
    drops = []
    for number in range(2):
        order = np.random.default_rng(case.seed + number).permutation(case.x[0].size)
        plain, permuted = (
            _accuracy(
                _trained(student, case, case.training(_in_order(case.x, pixels), number, epochs=5, batch_size=50)),
                _in_order(case.new_x, pixels), case.new_y,
            )
            for pixels in (np.arange(len(order)), order)
        )  # fmt: skip
        drops.append(plain - permuted)
    if not np.mean(drops) > -0.005:  # 0.054 ± 0.013 in nine runs
        raise Mismatch(
            f"with permuted pixels {-np.mean(drops):.1%} more digits are read rightly than without, but the network "
            "should lose: its filters see neighbouring pixels together"
        )


def _in_order(x: Array, pixels: NDArray[np.int64]) -> Array:
    """Images of shape (N, 1, H, W) with their pixels in another order, the same for all."""
    return np.ascontiguousarray(x.reshape(len(x), -1)[:, pixels].reshape(x.shape))


MANY = digits("experiment.accuracy", HELD_BACK)


### BEGIN HIDDEN TESTS
@check("train", given=MANY, points=1, hidden=True)
def reads_new_digits_experiment(student: Student, case: Digits) -> None:
    """Experiment: trained on 1400 digits for 10 epochs, the network reads 93 % of new ones."""
    found = _accuracy(_trained(student, case, _long_training(case)), case.new_x, case.new_y)
    if not found >= 0.93:
        raise Mismatch(f"{found:.1%} of new digits are read rightly, but 93 % should be (about 96 % are usual)")


@check("train", given=MANY, points=1, hidden=True)
def shifted_by_one_pixel_experiment(student: Student, case: Digits) -> None:
    """Experiment: of new digits shifted by one pixel, the network reads more than a linear classifier does."""
    params = _trained(student, case, _long_training(case))
    shifted = [np.roll(case.new_x, step, axis) for axis in (2, 3) for step in (-1, 1)]
    found = float(np.mean([_accuracy(params, x, case.new_y) for x in shifted]))
    linear = float(np.mean(linear_accuracy((case.x, case.y), [(x, case.new_y) for x in shifted])))
    if not found >= linear + 0.05:
        raise Mismatch(
            f"{found:.0%} of the digits shifted by one pixel are read rightly, and a linear classifier reads "
            f"{linear:.0%}: the network should be 5 points better (15 are usual)"
        )


### END HIDDEN TESTS
TRAINING = (
    takes_its_order_from_rng, overfits_20_digits_experiment, permuted_pixels_experiment,
    ### BEGIN HIDDEN TESTS
    reads_new_digits_experiment, shifted_by_one_pixel_experiment,
    ### END HIDDEN TESTS
)  # fmt: skip
