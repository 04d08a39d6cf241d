"""The oracles, against truths that do not come from them: sums by hand, torch modules, differences."""

import math
from collections.abc import Callable

import pytest
import torch
from pretended import DEVICES, on
from torch import Tensor, nn

from reference.convnets.layers import batchnorm2d_forward, dense_forward, softmax_cross_entropy
from reference.convnets.pooling import (
    avg_pool2d_forward,
    global_avg_pool,
    lp_pool2d_forward,
    max_pool2d_forward,
    maxout_forward,
)
from reference.convolution.conv2d import conv2d_forward, im2col, pad2d
from reference.convolution.conv_transpose2d import bilinear_kernel, conv_transpose2d_forward
from reference.gradients import vjp
from reference.recurrence.rnn import rnn_forward, rnn_step_forward

Inputs = dict[str, Tensor]

FLOATS = (torch.float32, torch.float64)


def draw(*shape: int, seed: int = 0) -> Tensor:
    """Small whole numbers, so that sums and products are exact in every float dtype."""
    return torch.randint(-3, 4, shape, generator=torch.Generator().manual_seed(seed)).double()


def conv_inputs() -> Inputs:
    return {"x": draw(2, 3, 7, 5), "w": draw(4, 3, 3, 2, seed=1), "b": draw(4, seed=2)}


def rnn_inputs(T: int = 4) -> Inputs:
    shapes = {"x": (2, T, 3), "h0": (2, 5), "Wx": (3, 5), "Wh": (5, 5), "b": (5,)}
    return {name: draw(*shape, seed=i) / 8 for i, (name, shape) in enumerate(shapes.items())}


def step_inputs() -> Inputs:
    inputs = rnn_inputs()
    return {"x": inputs["x"][:, 0], "h_prev": inputs["h0"]} | {name: inputs[name] for name in ("Wx", "Wh", "b")}


def distinct(*shape: int) -> Tensor:
    """Different whole numbers in no particular order: no ties."""
    order = torch.randperm(math.prod(shape), generator=torch.Generator().manual_seed(3))
    return order.double().reshape(shape) - math.prod(shape) // 2


# One example of every oracle: function, inputs, options.
EXAMPLES: dict[str, tuple[Callable[..., Tensor], Inputs, dict[str, object]]] = {
    "pad2d": (pad2d, {"x": draw(1, 2, 3, 4)}, {"padding": 2}),
    "conv2d_forward": (conv2d_forward, conv_inputs(), {"stride": 2, "padding": 1}),
    "im2col": (im2col, {"x": draw(2, 3, 5, 4)}, {"kh": 3, "kw": 2, "stride": 2, "padding": 1}),
    "max_pool2d_forward": (
        max_pool2d_forward,
        {"x": distinct(2, 3, 7, 6)},
        {"pool": (3, 2), "stride": 2, "padding": 1, "ceil_mode": True},
    ),
    "conv_transpose2d_forward": (
        conv_transpose2d_forward,
        {"x": draw(2, 3, 4, 3), "w": draw(3, 2, 3, 2, seed=1), "b": draw(2, seed=2)},
        {"stride": 2, "padding": 1, "output_padding": 1},
    ),
    "avg_pool2d_forward": (avg_pool2d_forward, {"x": draw(2, 3, 6, 4)}, {"pool": (2, 1), "stride": 2}),
    "lp_pool2d_forward": (
        lp_pool2d_forward,
        {"x": distinct(2, 3, 5, 4) + 0.5},
        {"p": 2.5, "pool": (3, 2), "stride": 1},
    ),
    "maxout_forward": (maxout_forward, {"z": distinct(3, 8)}, {"k": 2}),
    "global_avg_pool": (global_avg_pool, {"x": draw(2, 3, 4, 2)}, {}),
    "dense_forward": (dense_forward, {"x": draw(2, 3), "w": draw(3, 4, seed=1), "b": draw(4, seed=2)}, {}),
    "rnn_step_forward": (rnn_step_forward, step_inputs(), {}),
    "rnn_forward": (rnn_forward, rnn_inputs(), {}),
}
EACH = pytest.mark.parametrize(("function", "inputs", "options"), EXAMPLES.values(), ids=EXAMPLES.keys())


def conv_by_hand(x: Tensor, w: Tensor, b: Tensor, stride: int, padding: int) -> Tensor:
    """The definition, one output at a time."""
    n, c, height, width = x.shape
    xp = torch.zeros(n, c, height + 2 * padding, width + 2 * padding, dtype=x.dtype)
    xp[:, :, padding : padding + height, padding : padding + width] = x
    f, _, kh, kw = w.shape
    out = torch.empty(n, f, (xp.shape[2] - kh) // stride + 1, (xp.shape[3] - kw) // stride + 1, dtype=x.dtype)
    for k, q, i, j in torch.cartesian_prod(*(torch.arange(size) for size in out.shape)).tolist():
        patch = xp[k, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        out[k, q, i, j] = (patch * w[q]).sum() + b[q]
    return out


def test_pad2d_frames_each_image() -> None:
    padded = pad2d(torch.ones(1, 1, 1, 2), 1)
    assert padded.tolist() == [[[[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]]]


def test_the_x_of_the_lecture() -> None:
    image = torch.tensor([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
    cross = torch.tensor([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
    out = conv2d_forward(image.double()[None, None], cross.double()[None, None], torch.zeros(1).double())
    assert out.tolist() == [[[[4, 3, 4], [2, 4, 3], [2, 3, 4]]]]


def test_the_filter_is_not_flipped() -> None:
    x = torch.tensor([[[[1.0, 10.0, 100.0]]]])
    out = conv2d_forward(x, torch.tensor([[[[1.0, 2.0]]]]), torch.tensor([0.5]))
    assert out.tolist() == [[[[21.5, 210.5]]]]


@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_conv2d_is_its_definition(stride: int, padding: int) -> None:
    inputs = conv_inputs()
    out = conv2d_forward(**inputs, stride=stride, padding=padding)
    assert torch.equal(out, conv_by_hand(**inputs, stride=stride, padding=padding))


@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize("stride", [1, 2])
def test_im2col_turns_convolution_into_a_product(stride: int, padding: int) -> None:
    x, w, b = conv_inputs().values()
    out = conv_by_hand(x, w, b, stride, padding)
    cols = im2col(x, 3, 2, stride=stride, padding=padding)
    product = cols @ w.flatten(1).T + b
    assert torch.equal(product.reshape(2, *out.shape[2:], 4).permute(0, 3, 1, 2), out)


def test_max_pooling_by_hand() -> None:
    x = torch.tensor([[[[-4.0, -6.0, -5.0], [-1.0, -2.0, -3.0], [-9.0, -8.0, -7.0]]]])
    assert max_pool2d_forward(x).tolist() == [[[[-1]]]]
    assert max_pool2d_forward(x, ceil_mode=True).tolist() == [[[[-1, -3], [-8, -7]]]]
    assert max_pool2d_forward(x, pool=2, stride=1).tolist() == [[[[-1, -2], [-1, -2]]]]
    assert max_pool2d_forward(x, pool=(1, 3)).tolist() == [[[[-4], [-1], [-7]]]]
    assert max_pool2d_forward(x, pool=2, padding=1).tolist() == [[[[-4, -5], [-1, -2]]]]


def test_98_pooled_by_3_gives_33_only_in_ceil_mode() -> None:
    x = torch.zeros(1, 1, 98, 98)
    assert max_pool2d_forward(x, 3).shape == (1, 1, 32, 32)
    assert max_pool2d_forward(x, 3, ceil_mode=True).shape == (1, 1, 33, 33)


def test_a_window_may_not_start_in_the_padding_at_the_end() -> None:
    x = torch.arange(1.0, 6.0).reshape(1, 1, 1, 5)
    out = max_pool2d_forward(x.expand(1, 1, 5, 5), pool=2, stride=3, padding=1, ceil_mode=True)
    assert out[0, 0, 0].tolist() == [1, 4]


def test_max_pooling_sends_the_gradient_to_the_winners() -> None:
    x, v = torch.tensor([[[[4.0, 6.0, 5.0]]]]), torch.tensor([[[[1.0, 10.0]]]])
    grads = vjp(max_pool2d_forward, {"x": x}, ["x"], [v], pool=(1, 2), stride=1)
    assert grads["x"].tolist() == [[[[0, 11, 0]]]]


def test_a_transposed_convolution_is_what_a_convolution_does_to_its_gradient() -> None:
    dout, w = draw(2, 4, 4, 4, seed=5), conv_inputs()["w"]
    inputs = {"x": torch.zeros(2, 3, 7, 6).double(), "w": w, "b": torch.zeros(4).double()}
    dx = vjp(conv2d_forward, inputs, ["x"], [dout], stride=2, padding=1)["x"]
    none = torch.zeros(3).double()
    out = conv_transpose2d_forward(dout, w, none, stride=2, padding=1, output_padding=0)
    assert torch.equal(out, dx[:, :, : out.shape[2], : out.shape[3]])


def test_the_bilinear_kernel_draws_straight_lines() -> None:
    for factor in (2, 3, 4, 5):
        ramp = torch.arange(6.0).double().expand(1, 1, 6, 6)
        size = 2 * factor - factor % 2
        padding = (size - factor + 1) // 2
        kernel = bilinear_kernel(factor, 1)
        out = conv_transpose2d_forward(ramp, kernel, torch.zeros(1).double(), stride=factor, padding=padding)
        middle = out[0, 0, 2 * factor, factor : 4 * factor]
        torch.testing.assert_close(middle.diff(), torch.full_like(middle.diff(), 1 / factor))


def test_norms_by_hand() -> None:
    x = torch.tensor([[[[3.0, -4.0, 0.0, 0.0]]]]).double()
    assert lp_pool2d_forward(x, 2, pool=(1, 2)).tolist() == [[[[5, 0]]]]
    assert lp_pool2d_forward(x, 1, pool=(1, 2)).tolist() == [[[[7, 0]]]]
    assert lp_pool2d_forward(1e9 * x, 100, pool=(1, 2))[0, 0, 0, 0].item() == pytest.approx(4e9, rel=1e-9)
    grads = vjp(lambda x: lp_pool2d_forward(x, 2, (1, 2)), {"x": x}, ["x"], [torch.tensor([[[[10.0, 10.0]]]])])
    torch.testing.assert_close(grads["x"], torch.tensor([[[[6.0, -8.0, 0.0, 0.0]]]]).double())


def test_maxout_takes_its_pieces_in_blocks() -> None:
    z = torch.tensor([[4.0, 5.0, 6.0, -1.0]])
    assert maxout_forward(z, 2).tolist() == [[6, 5]]


def test_cross_entropy_and_its_gradient() -> None:
    logits, y = torch.tensor([[7.0, 7.0], [1e4, -1e4]]).double(), torch.tensor([1, 0])
    loss, dlogits = softmax_cross_entropy(logits, y)
    assert loss.item() == pytest.approx(math.log(2) / 2)
    assert dlogits.tolist() == [[0.25, -0.25], [0, 0]]
    found = vjp(lambda z: softmax_cross_entropy(z, y)[0], {"z": draw(2, 2)}, ["z"], [torch.tensor(1.0)])["z"]
    torch.testing.assert_close(found, softmax_cross_entropy(draw(2, 2), y)[1])


def test_batch_norm_stores_the_unbiased_variance_and_leaves_its_arguments_alone() -> None:
    x, one, zero = torch.tensor([[[[-1.0, 1.0]]]]).double(), torch.ones(1).double(), torch.zeros(1).double()
    out, mean, var = batchnorm2d_forward(x, 3 * one, one, zero, zero, True, momentum=0.5, eps=1e-12)
    torch.testing.assert_close(out, torch.tensor([[[[-2.0, 4.0]]]]).double())
    assert (mean.tolist(), var.tolist()) == ([0], [1])
    assert zero.tolist() == [0]
    out, mean, var = batchnorm2d_forward(x, one, zero, zero, one, False, eps=1e-12)
    torch.testing.assert_close(out, x)
    assert (mean.tolist(), var.tolist()) == ([0], [1])


def test_rnn_step_is_an_rnn_cell() -> None:
    inputs = step_inputs()
    cell = nn.RNNCell(3, 5, dtype=torch.float64)
    load(cell, inputs, suffix="")
    torch.testing.assert_close(rnn_step_forward(**inputs), cell(inputs["x"], inputs["h_prev"]))


def test_rnn_is_torchs_rnn() -> None:
    inputs = rnn_inputs(T=6)
    layer = nn.RNN(3, 5, batch_first=True, dtype=torch.float64)
    load(layer, inputs, suffix="_l0")
    torch.testing.assert_close(rnn_forward(**inputs), layer(inputs["x"], inputs["h0"][None])[0])


def load(module: nn.Module, inputs: Inputs, suffix: str) -> None:
    """Our weights multiply on the right and have one bias; torch's multiply on the left and have two."""
    values = {"weight_ih": inputs["Wx"].T, "weight_hh": inputs["Wh"].T, "bias_ih": inputs["b"]}
    values["bias_hh"] = torch.zeros_like(inputs["b"])
    module.load_state_dict({name + suffix: value for name, value in values.items()})


def test_rnn_remembers_and_forgets() -> None:
    one, x = torch.ones(1, 1), torch.tensor([[[1.0], [0.0], [0.0]]])
    states = rnn_forward(x, 0 * one, one, one, torch.zeros(1)).flatten().tolist()
    first = math.tanh(1)
    assert states == pytest.approx([first, math.tanh(first), math.tanh(math.tanh(first))])


@EACH
def test_gradients_are_those_of_differences(
    function: Callable[..., Tensor], inputs: Inputs, options: dict[str, object]
) -> None:
    leaves = [value.clone().requires_grad_() for value in inputs.values()]
    assert torch.autograd.gradcheck(lambda *a: function(*a, **options), leaves)


@EACH
def test_vjp_is_the_transposed_jacobian(
    function: Callable[..., Tensor], inputs: Inputs, options: dict[str, object]
) -> None:
    v = draw(*function(*inputs.values(), **options).shape, seed=9)
    grads = vjp(function, inputs, list(inputs), [v], **options)
    everywhere = torch.func.jacrev(lambda *a: function(*a, **options), argnums=tuple(range(len(inputs))))
    for grad, jacobian in zip(grads.values(), everywhere(*inputs.values()), strict=True):
        torch.testing.assert_close(grad, torch.tensordot(v, jacobian, v.dim()))


@EACH
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("device", DEVICES)
def test_dtype_and_device_are_kept(
    function: Callable[..., Tensor],
    inputs: Inputs,
    options: dict[str, object],
    dtype: torch.dtype,
    device: str,
) -> None:
    with on(device):
        moved = {name: value.to(device, dtype) for name, value in inputs.items()}
        out = function(*moved.values(), **options)
        grads = vjp(function, moved, list(moved), [torch.ones_like(out)], **options)
        back = out.cpu()
    for result in (out, *grads.values()):
        assert (result.dtype, result.device.type) == (dtype, device)
    expected = function(*inputs.values(), **options).to(dtype)
    torch.testing.assert_close(back, expected)


@EACH
def test_inputs_are_not_changed(function: Callable[..., Tensor], inputs: Inputs, options: dict[str, object]) -> None:
    copies = {name: value.clone() for name, value in inputs.items()}
    out = function(*inputs.values(), **options)
    vjp(function, inputs, list(inputs), [torch.ones_like(out)], **options)
    assert all(torch.equal(inputs[name], copy) for name, copy in copies.items())
    assert not any(value.requires_grad for value in inputs.values())


def test_vjp_of_an_input_that_is_not_used_is_zero() -> None:
    inputs = {"x": torch.ones(2), "unused": torch.ones(3)}
    grads = vjp(lambda x, unused: 2 * x, inputs, ["unused", "x"], [torch.tensor([1.0, 10.0])])
    assert grads["x"].tolist() == [2, 20]
    assert grads["unused"].tolist() == [0, 0, 0]


def test_vjp_of_a_constant_is_zero() -> None:
    grads = vjp(lambda x: torch.ones(2), {"x": torch.ones(3)}, ["x"], [torch.ones(2)])
    assert grads["x"].tolist() == [0, 0, 0]


def test_vjp_adds_over_results_and_leaves_out_the_last() -> None:
    x = torch.tensor([3.0])
    grads = vjp(lambda x: (x, x * x, 100 * x), {"x": x}, ["x"], [torch.ones(1), torch.ones(1)])
    assert grads["x"].tolist() == [7]


def test_vjp_works_where_gradients_are_switched_off() -> None:
    with torch.no_grad():
        grads = vjp(torch.square, {"x": torch.tensor(3.0)}, ["x"], [torch.tensor(1.0)])
    assert grads["x"] == 6
