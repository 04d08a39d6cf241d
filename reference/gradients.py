"""The gradients of any reference function, by autograd."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor


def vjp(
    function: Callable[..., Any],
    inputs: Mapping[str, Tensor],
    wrt: Sequence[str],
    upstream: Sequence[Tensor],
    **options: Any,
) -> dict[str, Tensor]:
    """The vector-Jacobian product of `function` at `inputs`, one gradient for each name in `wrt`.

    `inputs` are passed by position, in their order; `options` by keyword. `upstream` holds one gradient for
    each of the function's results; results left over at the end take none. An input that the results
    do not depend on gets zeros.

    >>> x = torch.tensor([3.0])
    >>> vjp(lambda x, y: x * x, {"x": x, "y": x}, ["x", "y"], [torch.ones(1)])
    {'x': tensor([6.]), 'y': tensor([0.])}
    """
    leaves = {name: value.detach() for name, value in inputs.items()}
    for name in wrt:
        leaves[name].requires_grad_()
    with torch.enable_grad():
        result = function(*leaves.values(), **options)
    results = result if isinstance(result, tuple) else (result,)
    live = [(out, v) for out, v in zip(results, upstream, strict=False) if out.requires_grad]
    return dict(zip(wrt, _gradients(live, [leaves[name] for name in wrt]), strict=True))


def _gradients(live: list[tuple[Tensor, Tensor]], leaves: list[Tensor]) -> list[Tensor]:
    if not live or not leaves:
        return [torch.zeros_like(leaf) for leaf in leaves]
    # A scalar rather than `grad_outputs`: those make torch import its symbolic shapes, 0.4 s at the first call.
    with torch.enable_grad():
        total = torch.stack([(out * v).sum() for out, v in live]).sum()
    found = torch.autograd.grad(total, leaves, allow_unused=True)
    pairs = zip(leaves, found, strict=True)
    return [torch.zeros_like(leaf) if grad is None else grad for leaf, grad in pairs]
