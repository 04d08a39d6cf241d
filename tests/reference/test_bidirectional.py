"""The oracle of recurrence/bidirectional, against PyTorch's layer, which packs sequences, and by hand."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from reference.recurrence.bidirectional import (
    bidirectional_forward,
    last_valid_state,
    lookahead_forward,
    reverse_within,
)

N, T, D, H = 3, 6, 2, 4
LENGTHS = torch.tensor([6, 4, 1])


def draw(seed: int, *shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


X = draw(0, N, T, D)
F, B = (
    (draw(seed, N, H), draw(seed + 1, D, H), draw(seed + 2, H, H) / 2, draw(seed + 3, H)) for seed in (1, 5)
)  # fmt: skip
GIVEN = F[0], B[0], *F[1:], *B[1:]


def test_it_is_pytorchs_layer_on_packed_sequences() -> None:
    layer = nn.RNN(D, H, batch_first=True, bidirectional=True, dtype=torch.float64)
    for suffix, (_, Wx, Wh, b) in (("_l0", F), ("_l0_reverse", B)):
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        values = {name + suffix: value for name, value in zip(names, (Wx.T, Wh.T, b, 0 * b), strict=True)}
        layer.load_state_dict(values, strict=False)
    packed, last = layer(pack_padded_sequence(X, LENGTHS, batch_first=True), torch.stack((F[0], B[0])))
    theirs, _ = pad_packed_sequence(packed, batch_first=True)
    ours = bidirectional_forward(X, *GIVEN, LENGTHS)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(last_valid_state(ours, LENGTHS)[:, :H], last[0])
    torch.testing.assert_close(bidirectional_forward(X, *GIVEN), layer(X, torch.stack((F[0], B[0])))[0])


def test_looking_ahead_lies_between_one_step_and_both_directions() -> None:
    both = bidirectional_forward(X, *GIVEN)
    torch.testing.assert_close(lookahead_forward(X, *GIVEN, T), both)
    torch.testing.assert_close(lookahead_forward(X, *GIVEN, T - 1), both)
    now = torch.tanh(X @ B[1] + (B[0] @ B[2] + B[3])[:, None])
    torch.testing.assert_close(lookahead_forward(X, *GIVEN, 0), torch.cat((both[:, :, :H], now), 2))
    other = X.clone()
    other[:, 3:] = 9
    seen = [lookahead_forward(x, *GIVEN, 2)[:, 0] for x in (X, other)]
    assert torch.equal(*seen)


def test_turning_round_within_lengths() -> None:
    x = torch.arange(1.0, 9).reshape(2, 4, 1)
    assert reverse_within(x, torch.tensor([3, 4]))[:, :, 0].tolist() == [[3, 2, 1, 4], [8, 7, 6, 5]]
