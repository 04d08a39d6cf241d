"""Loaders, on small files that are made here: what is in them comes out, and what is wrong with them is said."""

import gzip
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from reference.datasets import DataError, digits, load_flowers102, load_mnist, read_idx, read_image

IMAGES = np.arange(5 * 28 * 28).reshape(5, 28, 28).astype(np.uint8)
LABELS = np.array([3, 1, 4, 1, 5], np.uint8)


def idx(array: np.ndarray, code: int = 0x08) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape) + array.tobytes()


def mnist(root: Path, *, part: str = "train", packed: bool = False, joint: str = "-", **changed: bytes) -> Path:
    files = {"images": idx(IMAGES), "labels": idx(LABELS)} | changed
    for (name, content), axes in zip(files.items(), (3, 1), strict=True):
        path = root / f"{part}-{name}{joint}idx{axes}-ubyte{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(content) if packed else content)
    return root


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("joint", ["-", "."])
@pytest.mark.parametrize("train", [False, True])
def test_mnist_comes_out_as_it_went_in(tmp_path: Path, packed: bool, joint: str, train: bool) -> None:
    mnist(tmp_path, part="train" if train else "t10k", packed=packed, joint=joint)
    images, labels = load_mnist(tmp_path, train=train)
    assert (images.shape, images.dtype, labels.dtype) == ((5, 1, 28, 28), np.uint8, np.int64)
    assert np.array_equal(images[:, 0], IMAGES)
    assert labels.tolist() == [3, 1, 4, 1, 5]


@pytest.mark.parametrize(("code", "dtype"), [(0x09, ">i1"), (0x0B, ">i2"), (0x0C, ">i4"), (0x0D, ">f4"), (0x0E, ">f8")])
def test_idx_files_of_every_dtype_are_read(tmp_path: Path, code: int, dtype: str) -> None:
    array = np.array([[1, -2, 3], [4, 5, -6]], dtype)
    (tmp_path / "file").write_bytes(idx(array, code))
    found = read_idx(tmp_path / "file")
    assert found.dtype.isnative
    assert np.array_equal(found, array)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no IDX file: it begins with nothing"),
        (b"\x89PNG", "no IDX file: it begins with 89 50 4e 47"),
        (idx(IMAGES)[:10], "truncated: its header of 16 bytes ends after 10"),
        (idx(IMAGES)[:-1], r"truncated: shape \(5, 28, 28\) takes 3920 bytes, and there are 3919"),
        (idx(IMAGES) + b"x", "too long"),
        (gzip.compress(idx(IMAGES))[:-20], "truncated or broken"),
        (b"\x1f\x8b" + bytes(30), "truncated or broken"),
        (b"\x00\x00\x08\x03" + b"\xff" * 12, "truncated: shape"),
    ],
)
def test_broken_idx_files_are_said_to_be_so(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        load_mnist(mnist(tmp_path, images=content))


def test_missing_and_ill_matched_mnist_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no train-images-idx3-ubyte, and no train-images-idx3-ubyte\.gz"):
        load_mnist(tmp_path)
    with pytest.raises(DataError, match="there are 5 images, but labels of shape"):
        load_mnist(mnist(tmp_path, labels=idx(LABELS[:4])))
    with pytest.raises(DataError, match="not images of bytes"):
        load_mnist(mnist(tmp_path, images=idx(LABELS)))
    with pytest.raises(DataError, match="there is no file"):
        read_idx(tmp_path / "nothing")


def flowers(root: Path, labels: Any = (1, 102, 7, 7), count: int = 4, **splits: Any) -> Path:
    """The files of a data set of four small pictures, each in one colour."""
    (root / "jpg").mkdir()
    for number in range(1, count + 1):
        colour = (50 * number, 0, 200)
        Image.new("RGB", (30, 20), colour).save(root / "jpg" / f"image_{number:05d}.jpg")
    savemat(root / "imagelabels.mat", {"labels": np.array([labels], np.uint8)})
    sets: Mapping[str, Any] = {"trnid": [4, 1], "valid": [2], "tstid": [3]} | splits
    savemat(root / "setid.mat", {name: np.array([value], np.uint16) for name, value in sets.items()})
    return root


def test_flowers_come_out_as_they_went_in(tmp_path: Path) -> None:
    found = load_flowers102(flowers(tmp_path))
    assert found.labels.tolist() == [0, 101, 6, 6]
    assert {name: split.tolist() for name, split in found.splits.items()} == {
        "train": [3, 0],
        "valid": [1],
        "test": [2],
    }
    (first, label), (second, other) = found.images("train", size=16)
    assert (first.shape, first.dtype, label, other) == ((3, 16, 16), np.uint8, 6, 0)
    assert abs(first.mean((1, 2)) - [200, 0, 200]).max() < 4
    assert abs(second.mean((1, 2)) - [50, 0, 200]).max() < 4


def test_missing_files_of_the_flowers_are_told(tmp_path: Path) -> None:
    root = flowers(tmp_path, count=2)
    with pytest.raises(DataError, match=r"2 of 4 images are missing, .*image_00003\.jpg the first"):
        load_flowers102(root)
    (root / "setid.mat").unlink()
    with pytest.raises(DataError, match=r"there is no file .*setid\.mat"):
        load_flowers102(root)
    with pytest.raises(DataError, match=r"there is no file .*imagelabels\.mat"):
        load_flowers102(root / "jpg")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"labels": (1, 103, 2, 2)}, "labels are numbers from 1 to 102"),
        ({"labels": (0, 1, 2, 2)}, "labels are numbers from 1 to 102"),
        ({"tstid": [5]}, "tstid has images 5 to 5, but there are 4 labels"),
    ],
)
def test_numbers_out_of_range_are_told(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        load_flowers102(flowers(tmp_path, **changes))


def test_broken_files_of_the_flowers_are_told(tmp_path: Path) -> None:
    root = flowers(tmp_path)
    whole = (root / "setid.mat").read_bytes()
    for content in (b"", b"no MATLAB file at all", whole[:200]):
        (root / "setid.mat").write_bytes(content)
        with pytest.raises(DataError, match=r"setid\.mat is truncated or no MATLAB file"):
            load_flowers102(root)
    savemat(root / "setid.mat", {"trnid": [1]})
    with pytest.raises(DataError, match="has no 'valid', only trnid"):
        load_flowers102(root)
    savemat(root / "imagelabels.mat", {"labels": [1.5, 2.0]})
    with pytest.raises(DataError, match="labels should be whole numbers"):
        load_flowers102(root)


def test_broken_images_are_told(tmp_path: Path) -> None:
    path = tmp_path / "image.jpg"
    Image.effect_noise((300, 200), 80).save(path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(DataError, match="truncated or no image"):
        read_image(path, 16)
    path.write_bytes(b"no image")
    with pytest.raises(DataError, match="truncated or no image"):
        read_image(path, 16)
    with pytest.raises(DataError, match="there is no file"):
        read_image(tmp_path / "nothing.jpg", 16)


def test_digits_are_those_of_scikit_learn() -> None:
    images, labels = digits()
    assert (images.shape, labels.shape) == ((1797, 1, 8, 8), (1797,))
    assert (images.min(), images.max()) == (-1, 1)
    assert sorted(set(labels.tolist())) == list(range(10))
