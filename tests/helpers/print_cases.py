"""Print what is drawn for one set of cases of each unit: `print_cases.py SEED [MODULE ...]`, modules imported first.

The golden text of tests/judging/test_cases.py is made by `python tests/helpers/print_cases.py 0`.
"""

import hashlib
import importlib
import sys
from collections.abc import Iterator

import numpy as np

CHECKS = {
    "convolution/conv2d": "conv2d_forward.combined",
    "convnets/pooling": "max_pool2d_forward.combined",
    "recurrence/rnn": "rnn_forward.long",
}


def lines(seed: int) -> Iterator[str]:
    from autograder.course import load
    from autograder.grading.seeds import Seed
    from autograder.judging.cases import drawn_values
    from autograder.judging.layer_case import LayerCase

    for path, name in CHECKS.items():
        (check,) = (check for check in load(path).checks if check.name == name)
        assert check.given is not None
        yield f"{path} {name}"
        for sizes, index in drawn_values(check.given, Seed(seed).of(path, check.given.name)):
            case = check.given.build((sizes, index))
            assert isinstance(case, LayerCase)
            options = " ".join(f"{key}={value}" for key, value in sizes.options.items())
            yield f"  x {sizes.arrays['x']} {options} seed {index} data {digest(case['x'])}"


def digest(array: np.ndarray) -> str:
    return hashlib.sha256(array.astype("<f8").tobytes()).hexdigest()[:8]


if __name__ == "__main__":
    for module in sys.argv[2:]:
        importlib.import_module(module)
    print("\n".join(lines(int(sys.argv[1]))))
