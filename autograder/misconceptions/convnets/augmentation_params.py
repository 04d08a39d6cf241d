"""Mistakes of convnets/augmentation in drawing parameters. They are judged by statistics, so no array names them."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.model import Misconception
from reference.convnets import augmentation as right

Params = dict[str, Tensor]


def _changed(change: Callable[[Params, dict[str, Any]], Params]) -> dict[str, Callable[..., Any]]:
    """A right draw with some of its parameters replaced."""

    def model(rng: Any, config: dict[str, Any]) -> Params:
        generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
        params = right.random_params(generator, config)
        return params | change(params, config)

    return {"random_params": model}


def _one_for_all(params: Params, config: dict[str, Any]) -> Params:
    return {name: value[:1].expand(value.shape) for name, value in params.items() if name != "flip"}


def _of_the_other_axis(params: Params, config: dict[str, Any]) -> Params:
    most = int(config["height_shift"] * config["width"])
    return {"dy": torch.round(params["offsets"][:, 0] / config["channel_shift"] * most).long()}


def _matrices(degrees: Callable[[Tensor], Tensor], centred: bool) -> Callable[[Params, dict[str, Any]], Params]:
    def change(params: Params, config: dict[str, Any]) -> Params:
        share = params["offsets"][:, 0] / config["channel_shift"]
        zoom = torch.linalg.vector_norm(params["matrix"][:, :, 0], dim=1)
        height, width = (config["height"], config["width"]) if centred else (1, 1)
        return {"matrix": right.about_centre(degrees(config["rotation"] * share), zoom, height, width)}

    return change


PARAMETERS = (
    Misconception(
        "one-draw-for-all-images",
        "You draw once, and do the same to all images.",
        "Each image is to be changed in its own way: draw arrays with a row for each of the n images.",
        _changed(_one_for_all),
        "AU2",
    ),
    Misconception(
        "dy-as-share-of-width",
        "You take the largest move down as a share of the width.",
        "height_shift is a share of the height: dy goes up to int(height_shift * height).",
        _changed(_of_the_other_axis),
        "AU4",
    ),
    Misconception(
        "flip-always-allowed",
        "You flip images even where horizontal_flip is False.",
        "A mirrored 7 is no 7: only config says whether images may be flipped.",
        _changed(lambda params, config: {"flip": params["offsets"][:, 0] > 0}),
    ),
    Misconception(
        "moves-down-only",
        "You draw moves from 0 up, never up or left.",
        "Moves go both ways: from -m to m.",
        _changed(lambda params, config: {"dy": params["dy"].abs(), "dx": params["dx"].abs()}),
    ),
    Misconception(
        "degrees-as-radians",
        "You hand degrees to functions that take radians.",
        "np.cos and np.sin take radians: np.deg2rad first.",
        _changed(_matrices(lambda angle: angle, centred=True)),
    ),
    Misconception(
        "turned-about-the-corner",
        "You turn the images about the pixel at the top left.",
        "The centre stays where it is: matrix @ (centre, 1) = centre gives the last column.",
        _changed(_matrices(torch.deg2rad, centred=False)),
    ),
)
