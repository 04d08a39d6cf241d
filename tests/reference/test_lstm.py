"""The oracle of recurrence/lstm, against PyTorch's cell and layer, differences, and strings read by hand."""

import torch
from torch import Tensor, nn

from reference.recurrence.lstm import (
    column_cell,
    lstm_forward,
    lstm_peephole_step_forward,
    lstm_step_forward,
    quote_cell,
)


def draw(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(len(shape)), dtype=torch.float64)


N, T, D, H = 2, 6, 3, 5
X, H0, C0, WX, WH, B = draw(N, T, D), draw(N, H), draw(N, H) / 2, draw(D, 4 * H), draw(H, 4 * H) / 2, draw(4 * H)


def load(module: nn.Module, suffix: str) -> None:
    """PyTorch's gates are in our order; its weights multiply on the left, and it has two biases."""
    values = {"weight_ih": WX.T, "weight_hh": WH.T, "bias_ih": B, "bias_hh": 0 * B}
    module.load_state_dict({name + suffix: value for name, value in values.items()})


def test_step_and_sequence_are_those_of_pytorch() -> None:
    cell, layer = nn.LSTMCell(D, H, dtype=torch.float64), nn.LSTM(D, H, batch_first=True, dtype=torch.float64)
    load(cell, "")
    load(layer, "_l0")
    h, c, gates = lstm_step_forward(X[:, 0], H0, C0, WX, WH, B)
    torch.testing.assert_close((h, c), cell(X[:, 0], (H0, C0)))
    all_h, all_c, all_gates = lstm_forward(X, H0, C0, WX, WH, B)
    theirs, (last_h, last_c) = layer(X, (H0[None], C0[None]))
    torch.testing.assert_close((all_h, all_h[:, -1], all_c[:, -1]), (theirs, last_h[0], last_c[0]))
    torch.testing.assert_close((all_h[:, 0], all_c[:, 0], all_gates[:, 0]), (h, c, gates))


def test_peepholes_by_hand() -> None:
    peephole = draw(3, H)
    h, c, gates = lstm_peephole_step_forward(X[:, 0], H0, C0, WX, WH, B, peephole)
    a = (X[:, 0] @ WX + H0 @ WH + B).reshape(N, 4, H)
    i, f = torch.sigmoid(a[:, 0] + C0 * peephole[0]), torch.sigmoid(a[:, 1] + C0 * peephole[1])
    cell = f * C0 + i * torch.tanh(a[:, 2])
    o = torch.sigmoid(a[:, 3] + cell * peephole[2])
    expected = o * torch.tanh(cell), cell, torch.stack((i, f, torch.tanh(a[:, 2]), o), 1).flatten(1)
    torch.testing.assert_close((h, c, gates), expected)
    leaves = [array.clone().requires_grad_() for array in (X[:, 0], H0, C0, WX, WH, B, peephole)]
    assert torch.autograd.gradcheck(lstm_peephole_step_forward, leaves)


def test_goodfellows_candidate_never_lowers_a_cell_that_is_kept() -> None:
    kept = B.clone().reshape(4, H)
    kept[1] = 1000
    _, c, gates = lstm_step_forward(X[:, 0], H0, C0, WX, WH, kept.flatten(), candidate="sigmoid")
    assert (c > C0).all()
    assert ((gates > 0) & (gates <= 1)).all()


def test_the_cells_read_a_text() -> None:
    text, start = 'a "b" \n""c"\n d', torch.zeros(1, 1, dtype=torch.float64)

    def marks(mark: str) -> Tensor:
        return torch.tensor([[float(character == mark)] for character in text], dtype=torch.float64)[None]

    h, _, _ = lstm_forward(marks('"'), start, start, *quote_cell())
    assert (h.flatten() > 0.5).tolist() == [bool(text[: t + 1].count('"') % 2) for t in range(len(text))]
    _, c, _ = lstm_forward(marks("\n"), start, start, *column_cell())
    assert (80 * c).flatten().round().tolist() == [0 + len(text[: t + 1]) - 1 - text[: t + 1].rfind("\n") for t in
                                                  range(len(text))]  # fmt: skip
