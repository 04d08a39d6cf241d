"""Mistakes of recurrence/gru in one step backward, which backpropagation through time repeats."""

import torch

from autograder.misconceptions.recurrence.gru_steps import backwards
from autograder.model import Misconception

BACKWARD = (
    Misconception(
        "kept-state-not-in-dh-prev",
        "You leave out the direct way from h to h_prev.",
        "h = z * h_prev + ...: h_prev gets dh * z, beside what comes through the candidate and the gates.",
        backwards(kept=lambda s: 0 * s.dh),
        "GB01",
    ),
    Misconception(
        "dh-passed-on-whole",
        "You hand the whole of dh on to h_prev.",
        "h = z * h_prev + ...: on the direct way the factor is z.",
        backwards(kept=lambda s: s.dh),
    ),
    Misconception(
        "update-gate-sign",
        "Your gradient of the update gate has the wrong sign.",
        "h = z * h_prev + (1 - z) * n: by z, the factor is h_prev - n.",
        backwards(da_z=lambda s: s.dh * (s.n - s.h_prev) * s.z * (1 - s.z)),
        "GB02",
    ),
    Misconception(
        "update-gate-from-kept-state-only",
        "You leave out the candidate in the gradient of the update gate.",
        "z is in both terms of h = z * h_prev + (1 - z) * n: by z, the factor is h_prev - n.",
        backwards(da_z=lambda s: s.dh * s.h_prev * s.z * (1 - s.z)),
    ),
    Misconception(
        "dwh-with-the-whole-state",
        "You use h_prev for the candidate's block of dWh.",
        "Whn multiplied r * h_prev, so its gradient pairs da_n with r * h_prev.",
        backwards(dWh_n=lambda s: s.h_prev.T @ s.da_n),
        "GB03",
    ),
    Misconception(
        "nothing-for-the-reset-gate",
        "You send no gradient to the reset gate.",
        "r is in the candidate: it gets (da_n @ Whn.T) * h_prev, and then the sigmoid's derivative.",
        backwards(da_r=lambda s: 0 * s.da_n),
        "GB04",
    ),
    Misconception(
        "sigmoid-applied-twice",
        "You apply the sigmoid to z once more in its derivative.",
        "z is a sigmoid already: its derivative is z * (1 - z).",
        backwards(
            da_z=lambda s: s.dh * (s.h_prev - s.n) * torch.sigmoid(s.z) * (1 - torch.sigmoid(s.z)),
        ),
        "GB05",
    ),
    Misconception(
        "both-sigmoids-applied-twice",
        "You apply the sigmoid to r and z once more in their derivatives.",
        "r and z are sigmoids already: their derivatives are r * (1 - r) and z * (1 - z).",
        backwards(
            da_z=lambda s: s.dh * (s.h_prev - s.n) * torch.sigmoid(s.z) * (1 - torch.sigmoid(s.z)),
            da_r=lambda s: s.d_read * s.h_prev * torch.sigmoid(s.r) * (1 - torch.sigmoid(s.r)),
        ),
    ),
    Misconception(
        "reset-gate-not-in-dh-prev",
        "You leave out the reset gate on the way from the candidate to h_prev.",
        "The candidate saw r * h_prev: by h_prev, the factor is r.",
        backwards(read=lambda s: s.d_read),
    ),
    Misconception(
        "candidate-not-in-dh-prev",
        "You leave out what comes back through the candidate in dh_prev.",
        "The candidate saw r * h_prev: h_prev gets (da_n @ Whn.T) * r as well.",
        backwards(read=lambda s: 0 * s.d_read),
    ),
    Misconception(
        "gates-not-in-dh-prev",
        "You leave out what comes back through the gates in dh_prev.",
        "r and z saw h_prev too: it gets da_r @ Whr.T and da_z @ Whz.T as well.",
        backwards(through_gates=lambda s: 0 * s.da_n),
    ),
    Misconception(
        "reset-gate-with-the-candidate",
        "You use n in place of h_prev in the gradient of the reset gate.",
        "r multiplied h_prev: by r, the factor is h_prev.",
        backwards(da_r=lambda s: s.d_read * s.n * s.r * (1 - s.r)),
    ),
    Misconception(
        "candidate-without-its-share",
        "You leave out the factor 1 - z in the gradient of the candidate.",
        "h = z * h_prev + (1 - z) * n: by n, the factor is 1 - z.",
        backwards(da_n=lambda s: s.dh * (1 - s.n**2)),
    ),
    Misconception(
        "candidate-with-the-share-of-the-state",
        "You multiply by z in the gradient of the candidate.",
        "h = z * h_prev + (1 - z) * n: by n, the factor is 1 - z.",
        backwards(da_n=lambda s: s.dh * s.z * (1 - s.n**2)),
    ),
    Misconception(
        "candidate-not-differentiated",
        "You leave out the derivative of the candidate's tanh.",
        "n is a tanh: before it, the gradient has the factor 1 - n**2.",
        backwards(da_n=lambda s: s.dh * (1 - s.z)),
    ),
    Misconception(
        "candidate-tanh-twice",
        "You apply tanh to n once more before you square it.",
        "n is a tanh already: its derivative is 1 - n**2.",
        backwards(da_n=lambda s: s.dh * (1 - s.z) * (1 - torch.tanh(s.n) ** 2)),
    ),
    Misconception(
        "candidate-with-the-derivative-of-sigmoid",
        "You use n * (1 - n) for the derivative of the candidate.",
        "n is a tanh: its derivative is 1 - n**2. Only r and z are sigmoids.",
        backwards(da_n=lambda s: s.dh * (1 - s.z) * s.n * (1 - s.n)),
    ),
    Misconception(
        "gates-with-the-derivative-of-tanh",
        "You use 1 - s**2 for the derivative of the gates.",
        "r and z are sigmoids: with s = sigmoid(a), the derivative by a is s * (1 - s).",
        backwards(
            da_z=lambda s: s.dh * (s.h_prev - s.n) * (1 - s.z**2),
            da_r=lambda s: s.d_read * s.h_prev * (1 - s.r**2),
        ),
    ),
    Misconception(
        "gates-not-differentiated",
        "You leave out the derivatives of the two sigmoids.",
        "The weights act before the sigmoid: multiply by z * (1 - z), and by r * (1 - r).",
        backwards(
            da_z=lambda s: s.dh * (s.h_prev - s.n),
            da_r=lambda s: s.d_read * s.h_prev,
        ),
    ),
    Misconception(
        "wh-not-transposed",
        "You multiply by Wh where its transpose belongs.",
        "The state went in as h_prev @ Wh: gradients come back through the transpose of each block.",
        backwards(
            d_read=lambda s: s.da_n @ s.Wh_n,
            through_gates=lambda s: s.da_r @ s.Wh_r + s.da_z @ s.Wh_z,
        ),
    ),
    Misconception(
        "db-from-dwx",
        "You sum dWx to get db.",
        "db is the sum over the batch of the gradient before the gates; dWx has been multiplied by x already.",
        backwards(db=lambda s: s.dWx.sum(0)),
    ),
    Misconception(
        "db-not-summed",
        "You do not sum db over the batch.",
        "The same b was added to each sequence: db is a sum over the batch, of shape (3H,).",
        backwards(db=lambda s: s.da),
    ),
    Misconception(
        "averaged-over-batch",
        "You divide dWx, dWh and db by the size of the batch.",
        "They are plain sums over the batch: where the loss is a mean, dh has the 1/N in it already.",
        backwards(
            dWx=lambda s: s.x.T @ s.da / len(s.x),
            dWh=lambda s: torch.cat((s.dWh_r, s.dWh_z, s.dWh_n), -1) / len(s.x),
            db=lambda s: s.da.mean(0),
        ),
    ),
)
