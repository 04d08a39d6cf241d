"""Mistakes of recurrence/gru: the forward passes here; orders and backward passes beside this file."""

import torch
from torch import Tensor

from autograder.misconceptions.recurrence.gru_backward import BACKWARD
from autograder.misconceptions.recurrence.gru_orders import ORDERS
from autograder.misconceptions.recurrence.gru_sequence import SEQUENCE
from autograder.misconceptions.recurrence.gru_steps import (
    Formulas,
    Wrong,
    backwards,
    cudnn,
    everywhere,
    forwards,
)
from autograder.model import Misconception

EXCHANGED: Formulas = {  # the update gate the other way round, in the lecture's convention otherwise
    "da_z": lambda s: s.dh * (s.n - s.h_prev) * s.z * (1 - s.z),
    "da_n": lambda s: s.dh * s.z * (1 - s.n**2),
    "kept": lambda s: s.dh * (1 - s.z),
}
AFTER: Formulas = {  # the reset gate after the product with Whn
    "d_read": lambda s: (s.da_n * s.r) @ s.Wh_n.T,
    "read": lambda s: s.d_read,
    "da_r": lambda s: s.da_n * (s.h_prev @ s.Wh_n) * s.r * (1 - s.r),
    "dWh_n": lambda s: s.h_prev.T @ (s.da_n * s.r),
}


def _quotient(a: Tensor) -> Tensor:
    return a.exp() / (1 + a.exp())


def _zero(biases: str) -> Formulas:
    return {f"{biases}_{gate}": lambda s: torch.zeros_like(s.Wx_r[0]) for gate in "rzn"}


def _exchanged() -> Wrong:
    """gates in the place of h, and h in that of gates."""
    return {name: lambda *arrays, f=f: f(*arrays)[::-1] for name, f in forwards().items()}


FORWARD = (
    Misconception(
        "update-gate-the-other-way-round",
        "You keep 1 - z of the old state and take z of the candidate.",
        "Here z is the share of the old state that stays: h = z * h_prev + (1 - z) * n. z = 1 means keep.",
        {**forwards(h=lambda s: (1 - s.z) * s.h_prev + s.z * s.n), **backwards(**EXCHANGED)},
        "GF01",
    ),
    Misconception(
        "pytorch-update-gate-the-other-way-round",
        "You keep 1 - z of the old state and take z of the candidate.",
        "In PyTorch too, z is the share of the old state that stays: h = (1 - z) * n + z * h_prev.",
        cudnn(h=lambda s: (1 - s.z) * s.h_prev + s.z * s.n),
    ),
    Misconception(
        "pytorch-convention",
        "You apply the reset gate after the product with Whn, as PyTorch does.",
        "In the lecture's convention r acts before: (r * h_prev) @ Whn. PyTorch's is asked for in gru_step_cudnn only.",
        {**forwards(of_h=lambda s: s.r * (s.h_prev @ s.Wh_n)), **backwards(**AFTER)},
        "GF02",
    ),
    Misconception(
        "pytorch-convention-and-bias",
        "You apply the reset gate after the product with Whn, and to the candidate's bias as well.",
        "In the lecture's convention r acts before the product, and on the state alone: (r * h_prev) @ Whn + bn.",
        forwards(of_x=lambda s: s.x @ s.Wx_n, of_h=lambda s: s.r * (s.h_prev @ s.Wh_n + s.bx_n)),
    ),
    Misconception(
        "lecture-convention",
        "You apply the reset gate before the product with Whn, as the lecture does.",
        "In PyTorch's convention r acts after it: tanh(x @ Wxn + bxn + r * (h_prev @ Whn + bhn)).",
        cudnn(of_h=lambda s: (s.r * s.h_prev) @ s.Wh_n + s.bh_n),
        "GC1",
    ),
    Misconception(
        "lecture-convention-with-one-bias",
        "You apply the reset gate before the product with Whn, as the lecture does, and leave out bh.",
        "In PyTorch's convention r acts after it: tanh(x @ Wxn + bxn + r * (h_prev @ Whn + bhn)).",
        cudnn(of_h=lambda s: (s.r * s.h_prev) @ s.Wh_n, **_zero("bh")),
    ),
    Misconception(
        "state-bias-not-reset",
        "You add bhn outside the bracket that r multiplies.",
        "The state's bias is reset with the rest: r * (h_prev @ Whn + bhn).",
        cudnn(of_h=lambda s: s.r * (s.h_prev @ s.Wh_n) + s.bh_n),
        "GC2",
    ),
    Misconception(
        "state-bias-forgotten",
        "You leave out bh, the state's biases.",
        "PyTorch has two biases, bx and bh: add both for the gates, and bhn inside the bracket for the candidate.",
        cudnn(**_zero("bh")),
    ),
    Misconception(
        "input-bias-forgotten",
        "You leave out bx, the input's biases.",
        "PyTorch has two biases, bx and bh: add both for the gates, and bxn outside the bracket for the candidate.",
        cudnn(**_zero("bx")),
    ),
    Misconception(
        "candidate-bias-reset",
        "You multiply bxn by the reset gate as well.",
        "Only the state's part is reset: bxn stays outside the bracket, bhn inside.",
        cudnn(
            of_x=lambda s: s.x @ s.Wx_n,
            of_h=lambda s: s.r * (s.h_prev @ s.Wh_n + s.bx_n + s.bh_n),
        ),
    ),
    Misconception(
        "reset-gate-forgotten",
        "You leave out the reset gate.",
        "The candidate sees r times the state, not the whole state.",
        {**forwards(of_h=lambda s: s.h_prev @ s.Wh_n), **cudnn(of_h=lambda s: s.h_prev @ s.Wh_n + s.bh_n)},
        "GF03",
    ),
    Misconception(
        "sigmoid-candidate",
        "You apply the sigmoid to the candidate n.",
        "n has a tanh, between -1 and 1, so that states can be lowered too. Only r and z are sigmoids.",
        everywhere(n=lambda s: torch.sigmoid(s.a_n)),
        "GF05",
    ),
    Misconception(
        "candidate-without-tanh",
        "You take the candidate without applying tanh to it.",
        "n is the tanh of its sum, as r and z are the sigmoids of theirs.",
        everywhere(n=lambda s: s.a_n),
    ),
    Misconception(
        "kept-state-reset",
        "You apply the reset gate to the state that is kept, too.",
        "r only enters the candidate: what stays is z * h_prev.",
        everywhere(h=lambda s: s.z * s.r * s.h_prev + (1 - s.z) * s.n),
        "GF06",
    ),
    Misconception(
        "input-reset",
        "You multiply the input's part of the candidate by the reset gate as well.",
        "r multiplies the state alone: the candidate sees the whole input, x @ Wxn.",
        everywhere(of_x=lambda s: s.r * (s.x @ s.Wx_n) + s.bx_n),
        "GF07",
    ),
    Misconception(
        "gates-without-biases",
        "You leave out the biases of r and z.",
        "Each of the three blocks has its part of b: the gates' sums have one too.",
        everywhere(
            a_r=lambda s: s.x @ s.Wx_r + s.h_prev @ s.Wh_r,
            a_z=lambda s: s.x @ s.Wx_z + s.h_prev @ s.Wh_z,
        ),
        "GF08",
    ),
    Misconception(
        "candidate-without-bias",
        "You leave out the bias of the candidate.",
        "Each of the three blocks has its part of b: add bn inside the tanh.",
        forwards(of_x=lambda s: s.x @ s.Wx_n),
    ),
    Misconception(
        "gates-blind-to-the-state",
        "You compute r and z from the input alone.",
        "Both gates see the state before the step as well: x @ Wxr + h_prev @ Whr + br.",
        everywhere(
            a_r=lambda s: s.x @ s.Wx_r + s.bx_r + s.bh_r,
            a_z=lambda s: s.x @ s.Wx_z + s.bx_z + s.bh_z,
        ),
    ),
    Misconception(
        "gates-without-sigmoid",
        "You use the sums for r and z as they are, without the sigmoid.",
        "A gate is a share between 0 and 1: r = sigmoid(...), z = sigmoid(...).",
        everywhere(r=lambda s: s.a_r, z=lambda s: s.a_z),
    ),
    Misconception(
        "candidate-added-whole",
        "You add the whole candidate to what is kept.",
        "Old and new share the state: what z does not keep, 1 - z, is filled with n.",
        everywhere(h=lambda s: s.z * s.h_prev + s.n),
    ),
    Misconception(
        "old-state-added-whole",
        "You add the candidate's share to the whole old state.",
        "Old and new share the state: z of h_prev stays, and 1 - z is filled with n.",
        everywhere(h=lambda s: s.h_prev + (1 - s.z) * s.n),
    ),
    Misconception(
        "reset-gate-for-update-gate",
        "You use r for the update too, as if there were one gate.",
        "The GRU has two gates: r says how much the candidate sees, z says how much stays.",
        everywhere(h=lambda s: s.r * s.h_prev + (1 - s.r) * s.n),
    ),
    Misconception(
        "wh-transposed",
        "You transpose the blocks of Wh.",
        "Weights multiply on the right as they are: h_prev @ Whr. The blocks are square, so no shape gives this away.",
        everywhere(
            Wh_r=lambda s: s.Wh.chunk(3, -1)[0].T,
            Wh_z=lambda s: s.Wh.chunk(3, -1)[1].T,
            Wh_n=lambda s: s.Wh.chunk(3, -1)[2].T,
        ),
    ),
    Misconception(
        "gates-overflow",
        "Your sigmoid is not a number where its argument is large.",
        "exp(1000) is infinite, and inf / inf is nan: use 1 / (1 + exp(-a)), or 0.5 * (1 + tanh(a / 2)).",
        everywhere(r=lambda s: _quotient(s.a_r), z=lambda s: _quotient(s.a_z)),
    ),
    Misconception(
        "gates-before-activation",
        "You return the gates as they are before sigmoid and tanh.",
        "The array gates holds r, z and n after their sigmoid or tanh.",
        forwards(gates=lambda s: torch.cat((s.a_r, s.a_z, s.a_n), -1)),
    ),
    Misconception(
        "gates-and-state-exchanged",
        "You return gates first and h second.",
        "The order of the results is h, gates.",
        _exchanged(),
    ),
)

MISCONCEPTIONS = (*FORWARD, *ORDERS, *BACKWARD, *SEQUENCE)
