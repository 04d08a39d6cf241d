"""Mistakes of recurrence/lstm in one step backward, which backpropagation through time and peepholes repeat."""

import torch

from autograder.misconceptions.recurrence.lstm_time import backwards
from autograder.model import Misconception

BACKWARD = (
    Misconception(
        "dc-ignored",
        "You leave out dc, what the next step sends back to the cell.",
        "The cell has two readers, h = o * tanh(c) and the next step's cell: the gradients from both add up.",
        backwards(dc_total=lambda s: s.dh * s.o * s.slope + s.da_o * s.v_o),
        "LB01",
    ),
    Misconception(
        "dc-for-the-cell-before-only",
        "You add dc on the way to c_prev, but not on the way to the gates.",
        "dc reaches c itself: add it first, then i, f, g and c_prev all get their share of the sum.",
        backwards(
            da_i=lambda s: (s.dc_total - s.dc) * s.g * s.i * (1 - s.i),
            da_f=lambda s: (s.dc_total - s.dc) * s.c_prev * s.f * (1 - s.f),
            da_g=lambda s: (s.dc_total - s.dc) * s.i * (1 - s.g**2),
        ),
    ),
    Misconception(
        "dh-not-into-the-cell",
        "You leave out the path from h back into the cell.",
        "h = o * tanh(c) reads the cell: its gradient adds dh * o * (1 - tanh(c)**2) to dc.",
        backwards(dc_total=lambda s: s.dc + s.da_o * s.v_o),
        "LB02",
    ),
    Misconception(
        "tanh-of-the-cell-not-differentiated",
        "You leave out the derivative of tanh on the way from h to c.",
        "h = o * tanh(c): the factor is o * (1 - tanh(c)**2), not o alone.",
        backwards(slope=lambda s: torch.ones_like(s.c)),
        "LB03",
    ),
    Misconception(
        "derivative-without-the-square",
        "You use 1 - tanh(c) for the derivative of tanh.",
        "The derivative of tanh(c) is 1 - tanh(c)**2: square it.",
        backwards(slope=lambda s: 1 - torch.tanh(s.c)),
    ),
    Misconception(
        "derivative-at-the-cell",
        "You use 1 - c**2 for the derivative of tanh(c).",
        "The square is of tanh's result: 1 - tanh(c)**2. The cell itself has no tanh yet.",
        backwards(slope=lambda s: 1 - s.c**2),
    ),
    Misconception(
        "output-gate-not-in-dc",
        "You leave out the output gate on the way from h to c.",
        "h = o * tanh(c): by c, the factor is o * (1 - tanh(c)**2).",
        backwards(dc_total=lambda s: s.dc + s.dh * s.slope + s.da_o * s.v_o),
    ),
    Misconception(
        "output-gate-with-tanh-of-h",
        "You use tanh(h) in the gradient of the output gate.",
        "h = o * tanh(c): by o, the factor is tanh of the cell c, not of h.",
        backwards(da_o=lambda s: s.dh * torch.tanh(s.o * torch.tanh(s.c)) * s.o * (1 - s.o)),
        "LB04",
    ),
    Misconception(
        "output-gate-without-tanh",
        "You use c in the gradient of the output gate.",
        "h = o * tanh(c): by o, the factor is tanh(c), not c.",
        backwards(da_o=lambda s: s.dh * s.c * s.o * (1 - s.o)),
    ),
    Misconception(
        "candidate-tanh-twice",
        "You apply tanh to g once more before you square it.",
        "g is a tanh already: its derivative is 1 - g**2.",
        backwards(da_g=lambda s: s.dc_total * s.i * (1 - torch.tanh(s.g) ** 2)),
        "LB05",
    ),
    Misconception(
        "candidate-with-the-derivative-of-sigmoid",
        "You use g * (1 - g) for the derivative of the candidate.",
        "g is a tanh: its derivative is 1 - g**2. Only the gates i, f and o are sigmoids.",
        backwards(da_g=lambda s: s.dc_total * s.i * s.g * (1 - s.g)),
    ),
    Misconception(
        "gates-with-the-derivative-of-tanh",
        "You use 1 - s**2 for the derivative of the gates.",
        "i, f and o are sigmoids: with s = sigmoid(a), the derivative by a is s * (1 - s).",
        backwards(
            da_o=lambda s: s.dh * torch.tanh(s.c) * (1 - s.o**2),
            da_i=lambda s: s.dc_total * s.g * (1 - s.i**2),
            da_f=lambda s: s.dc_total * s.c_prev * (1 - s.f**2),
        ),
    ),
    Misconception(
        "gates-not-differentiated",
        "You leave out the derivatives of the sigmoids and of the candidate's tanh.",
        "The weights act before the sigmoid: multiply each gate's gradient by s * (1 - s), and that of g by 1 - g**2.",
        backwards(
            da_o=lambda s: s.dh * torch.tanh(s.c),
            da_i=lambda s: s.dc_total * s.g,
            da_f=lambda s: s.dc_total * s.c_prev,
            da_g=lambda s: s.dc_total * s.i,
        ),
        "LB06",
    ),
    Misconception(
        "dc-prev-from-dc-alone",
        "You return dc * f for dc_prev, without what came through h.",
        "dc_prev is f times the whole gradient of c: dc plus the part from h.",
        backwards(dc_prev=lambda s: s.dc * s.f + s.da_i * s.v_i + s.da_f * s.v_f),
        "LB07",
    ),
    Misconception(
        "dc-prev-without-forget-gate",
        "You hand the cell's gradient on without the forget gate.",
        "c = f * c_prev + i * g: by c_prev, the factor is f.",
        backwards(dc_prev=lambda s: s.dc_total + s.da_i * s.v_i + s.da_f * s.v_f),
    ),
    Misconception(
        "bracket-in-the-input-gate",
        "You multiply only one of the two parts of the cell's gradient by g, for the input gate.",
        "Put a bracket round the sum: i gets (dc + dh * o * (1 - tanh(c)**2)) * g * i * (1 - i).",
        backwards(da_i=lambda s: (s.dc + (s.dc_total - s.dc) * s.g) * s.i * (1 - s.i)),
        "LB08",
    ),
    Misconception(
        "forget-gate-with-the-new-cell",
        "You use the new cell in the gradient of the forget gate.",
        "c = f * c_prev + i * g: by f, the factor is c_prev.",
        backwards(da_f=lambda s: s.dc_total * s.c * s.f * (1 - s.f)),
        "LB09",
    ),
    Misconception(
        "input-and-forget-factors-exchanged",
        "You multiply by c_prev for the input gate and by g for the forget gate.",
        "c = f * c_prev + i * g: by i, the factor is g; by f, it is c_prev.",
        backwards(
            da_i=lambda s: s.dc_total * s.c_prev * s.i * (1 - s.i),
            da_f=lambda s: s.dc_total * s.g * s.f * (1 - s.f),
        ),
    ),
    Misconception(
        "db-from-dwx",
        "You sum dWx to get db.",
        "db is the sum over the batch of the gradient before the gates; dWx has been multiplied by x already.",
        backwards(db=lambda s: s.dWx.sum(0)),
        "LB11",
    ),
    Misconception(
        "db-not-summed",
        "You do not sum db over the batch.",
        "The same b was added to each sequence: db is a sum over the batch, of shape (4H,).",
        backwards(db=lambda s: s.da),
    ),
    Misconception(
        "averaged-over-batch",
        "You divide dWx, dWh and db by the size of the batch.",
        "They are plain sums over the batch: where the loss is a mean, dh has the 1/N in it already.",
        backwards(
            dWx=lambda s: s.x.T @ s.da / len(s.x),
            dWh=lambda s: s.h_prev.T @ s.da / len(s.x),
            db=lambda s: s.da.mean(0),
        ),
    ),
)
