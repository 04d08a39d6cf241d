"""Real data as NumPy arrays: scikit-learn's digits, MNIST's IDX files, the 102 flowers. Nothing is downloaded.

Files are what their makers publish, in a folder of your own. `DataError` says which file is missing or broken, and how.
"""

import functools
import gzip
import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]

IDX_DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
FLOWERS = 102
SPLITS = {"train": "trnid", "valid": "valid", "test": "tstid"}


class DataError(Exception):
    """A file of a data set is missing or broken; the message says which and how."""


@functools.cache
def digits() -> tuple[NDArray[np.float64], Labels]:
    """The 1797 digits that come with scikit-learn: images (N, 1, 8, 8) from -1 to 1, and labels (N,)."""
    from sklearn.datasets import load_digits  # type: ignore[import-untyped]

    found = load_digits()
    return found.images[:, None] / 8 - 1, found.target.astype(np.int64)


def load_mnist(root: Path | str, *, train: bool = True) -> tuple[NDArray[np.uint8], Labels]:
    """MNIST's images (N, 1, 28, 28), bytes from 0 to 255, and labels (N,), from its IDX files, compressed or not.

    The folder holds train-images-idx3-ubyte and train-labels-idx1-ubyte, or those whose names begin with t10k, as they
    are or with .gz at the end.
    """
    part = "train" if train else "t10k"
    images = read_idx(_idx_file(Path(root), f"{part}-images", "idx3-ubyte"))
    labels = read_idx(_idx_file(Path(root), f"{part}-labels", "idx1-ubyte"))
    if images.ndim != 3 or images.dtype != np.uint8:
        raise DataError(f"{part}-images holds {images.dtype} of shape {images.shape}, not images of bytes")
    if labels.shape != images.shape[:1]:
        raise DataError(f"{root}: there are {len(images)} images, but labels of shape {labels.shape}")
    return images[:, None], labels.astype(np.int64)


def _idx_file(root: Path, name: str, suffix: str) -> Path:
    """The file under one of the names that are in use: with a hyphen or a dot, compressed or not."""
    names = [f"{name}{joint}{suffix}{end}" for joint in "-." for end in ("", ".gz")]
    for candidate in names:
        if (root / candidate).is_file():
            return root / candidate
    raise DataError(f"{root} has no {names[0]}, and no {names[1]}")


def read_idx(path: Path | str) -> NDArray[Any]:
    """The array in an IDX file: two zeros, a code for the dtype, the number of axes, their sizes, the numbers."""
    data = _bytes_of(Path(path))
    zero, code, axes = struct.unpack_from(">HBB", data) if len(data) >= 4 else (1, 0, 0)
    if zero or code not in IDX_DTYPES:
        raise DataError(f"{path} is no IDX file: it begins with {data[:4].hex(' ') or 'nothing'}")
    start = 4 + 4 * axes
    if len(data) < start:
        raise DataError(f"{path} is truncated: its header of {start} bytes ends after {len(data)}")
    shape = struct.unpack_from(f">{axes}I", data, 4)
    dtype = np.dtype(IDX_DTYPES[code])
    wanted = math.prod(shape) * dtype.itemsize
    if len(data) - start != wanted:
        what = "is truncated" if len(data) - start < wanted else "is too long"
        raise DataError(f"{path} {what}: shape {shape} takes {wanted} bytes, and there are {len(data) - start}")
    return np.frombuffer(data, dtype, offset=start).reshape(shape).astype(dtype.newbyteorder("="))


def _bytes_of(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except FileNotFoundError:
        raise DataError(f"there is no file {path}") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path} is truncated or broken: {error}") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None


@dataclass(frozen=True, slots=True)
class Flowers:
    """The 102 flowers: files of images, their labels (N,) from 0 to 101, and which of them belong to a split."""

    files: tuple[Path, ...]
    labels: Labels
    splits: dict[str, Labels]

    def images(self, split: str = "train", size: int = 224) -> Iterator[tuple[NDArray[np.uint8], int]]:
        """Each image of a split as (3, size, size), bytes, with its label: the middle square, scaled."""
        for index in self.splits[split]:
            yield read_image(self.files[index], size), int(self.labels[index])


def load_flowers102(root: Path | str) -> Flowers:
    """The 102 flowers from imagelabels.mat, setid.mat and jpg/image_00001.jpg ..., which are opened one by one, later.

    The files count classes and images from 1; here both start at 0. "train" and "valid" have ten images a class.
    """
    root = Path(root)
    labels = _numbers(root / "imagelabels.mat", "labels") - 1
    if labels.size == 0 or labels.min() < 0 or labels.max() >= FLOWERS:
        raise DataError(f"{root / 'imagelabels.mat'}: labels are numbers from 1 to {FLOWERS}, at least one")
    splits = {name: _numbers(root / "setid.mat", key) - 1 for name, key in SPLITS.items()}
    for name, chosen in splits.items():
        if chosen.size and not (chosen.min() >= 0 and chosen.max() < len(labels)):
            found = f"images {chosen.min() + 1} to {chosen.max() + 1}"
            raise DataError(f"{root / 'setid.mat'}: {SPLITS[name]} has {found}, but there are {len(labels)} labels")
    files = tuple(root / "jpg" / f"image_{number:05d}.jpg" for number in range(1, len(labels) + 1))
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise DataError(f"{len(missing)} of {len(files)} images are missing, {missing[0]} the first of them")
    return Flowers(files, labels, splits)


def _numbers(path: Path, key: str) -> Labels:
    """A row of whole numbers in one of MATLAB's files."""
    from scipy.io import loadmat  # type: ignore[import-untyped]

    if not path.is_file():
        raise DataError(f"there is no file {path}")
    try:
        found = loadmat(path)
    except Exception as error:  # it raises whatever it stumbles over
        raise DataError(f"{path} is truncated or no MATLAB file: {error}") from None
    if key not in found:
        raise DataError(f"{path} has no {key!r}, only {', '.join(k for k in found if not k.startswith('__'))}")
    values = np.ravel(found[key])
    if values.dtype.kind not in "iuf" or not (values == np.floor(values)).all():
        raise DataError(f"{path}: {key} should be whole numbers")
    return values.astype(np.int64)


def read_image(path: Path, size: int) -> NDArray[np.uint8]:
    """An image file in colour, cut to the square in its middle and scaled: (3, size, size), bytes."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as image:
            square = ImageOps.fit(image.convert("RGB"), (size, size))
    except FileNotFoundError:
        raise DataError(f"there is no file {path}") from None
    except (OSError, SyntaxError) as error:
        raise DataError(f"{path} is truncated or no image: {error}") from None
    return np.asarray(square, np.uint8).transpose(2, 0, 1)
