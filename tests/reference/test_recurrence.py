"""The oracles of recurrence/gru, and of truncation, clipping and leaking, against PyTorch's and sums by hand."""

import torch
from torch import Tensor, nn

from reference.gradients import vjp
from reference.recurrence.gru import gru_forward, gru_step_cudnn, gru_step_forward
from reference.recurrence.rnn import clip_grad_norm, leaky_unit, rnn_forward, rnn_windows


def drawn(**shapes: tuple[int, ...]) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return {name: torch.randn(shape, generator=generator, dtype=torch.float64) / 2 for name, shape in shapes.items()}


def rnn_inputs() -> dict[str, Tensor]:
    return drawn(x=(2, 5, 3), h0=(2, 4), Wx=(3, 4), Wh=(4, 4), b=(4,))


def gru_inputs() -> dict[str, Tensor]:
    return drawn(x=(2, 3), h_prev=(2, 5), Wx=(3, 15), Wh=(5, 15), bx=(15,), bh=(15,))


def test_windows_have_the_states_of_the_sequence_and_the_gradients_of_their_steps() -> None:
    inputs = rnn_inputs()
    dh = drawn(dh=(2, 5, 4))["dh"]
    assert torch.allclose(rnn_windows(**inputs, k=2), rnn_forward(**inputs), rtol=1e-12, atol=0)
    full = vjp(rnn_forward, inputs, tuple(inputs), [dh])
    for name, grad in vjp(lambda *a: rnn_windows(*a, k=5), inputs, tuple(inputs), [dh]).items():
        torch.testing.assert_close(grad, full[name])
    found = vjp(lambda *a: rnn_windows(*a, k=2), inputs, ("x", "h0"), [dh])
    Wx, Wh, h = inputs["Wx"], inputs["Wh"], rnn_forward(**inputs)
    own = dh * (1 - h**2)  # each loss on its own step, and on the one before it
    further = (own[:, 1:] @ Wh.T) * (1 - h[:, :-1] ** 2)
    torch.testing.assert_close(found["x"], (own + nn.functional.pad(further, (0, 0, 0, 1))) @ Wx.T)
    torch.testing.assert_close(found["h0"], (own[:, 0] + further[:, 0]) @ Wh.T)


def test_clipping_and_leaking_by_hand() -> None:
    grads = {"w": torch.tensor([[3.0]]), "b": torch.tensor([4.0])}
    clipped, norm = clip_grad_norm(grads, 2.5)
    assert (clipped["w"].item(), clipped["b"].item(), norm.item()) == (1.5, 2, 5)
    assert clip_grad_norm(grads, 5.0)[0]["b"].item() == 4
    assert clip_grad_norm({"w": torch.zeros(2)}, 1.0)[0]["w"].tolist() == [0, 0]
    assert leaky_unit(torch.tensor([1.0, 1.0, 0.0]), 0.5, mu0=2.0).tolist() == [1.5, 1.25, 0.625]


def test_pytorchs_gru_step_is_a_gru_cell() -> None:
    x, h, Wx, Wh, bx, bh = gru_inputs().values()
    cell = nn.GRUCell(3, 5, dtype=torch.float64)
    cell.load_state_dict({"weight_ih": Wx.T, "weight_hh": Wh.T, "bias_ih": bx, "bias_hh": bh})
    torch.testing.assert_close(gru_step_cudnn(x, h, Wx, Wh, bx, bh), cell(x, h))


def test_the_lectures_gru_by_hand() -> None:
    x, h, Wx, Wh, b, _ = gru_inputs().values()
    r, z = (torch.sigmoid(x @ Wx[:, s] + h @ Wh[:, s] + b[s]) for s in (slice(0, 5), slice(5, 10)))
    n = torch.tanh(x @ Wx[:, 10:] + (r * h) @ Wh[:, 10:] + b[10:])
    out, gates = gru_step_forward(x, h, Wx, Wh, b)
    torch.testing.assert_close(out, z * h + (1 - z) * n)
    torch.testing.assert_close(gates, torch.cat((r, z, n), 1))
    twice, both = gru_forward(torch.stack((x, 2 * x), 1), h, Wx, Wh, b)
    torch.testing.assert_close(twice[:, 1], gru_step_forward(2 * x, out, Wx, Wh, b)[0])
    torch.testing.assert_close(both[:, 0], gates)
