"""Which language is this? Two networks in PyTorch, trained together, read a phrase and say.

The first, the scanner, reads one character after the other and carries a state along. It says nothing until the
end: the state after the last character depends on the whole phrase, and that state is all that goes on. The
second, the encoder, turns it into a number for each language. Neither knows what the other needs, so both are
fitted jointly, by maximum likelihood: the loss at the end sends its gradient through the encoder, and through
every step of the scanner.

Phrases differ in length, and a batch is one tensor: shorter ones are filled up with padding, on the right. Padding
is not part of a phrase. However much of it there is, the answer must stay the same.

Rules for all functions here:
- Batch first: numbers of characters of shape (N, T), int64; lengths of shape (N,), int64, 1 or more; states of
  shape (N, H).
- 0 stands for padding and 1 for any character that the vocabulary does not have; its own numbers start at 2.
- Models keep the dtype and the device that they are on. Nothing is kept from one call to the next.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F


def build_vocab(texts: list[str]) -> dict[str, int]:
    """Number the characters that occur in some texts (those to train on; others will bring new characters).

    Args:
        texts: any number of texts. Spaces, capitals and signs are characters like any other.

    Returns:
        A dict from each character to its number: sorted as Python sorts characters, numbered from 2 without gaps.

    >>> build_vocab(["ja", "nein", "ja, ja"])
    {' ': 2, ',': 3, 'a': 4, 'e': 5, 'i': 6, 'j': 7, 'n': 8}
    """
    # YOUR CODE HERE
    raise NotImplementedError


def encode_batch(texts: list[str], vocab: dict[str, int]) -> tuple[Tensor, Tensor]:
    """Texts as one tensor of numbers, filled up with 0 on the right.

    Args:
        texts: N texts of one character or more.
        vocab: from characters to numbers. What it does not have becomes 1.

    Returns:
        ids: of shape (N, T), int64, with T the length of the longest text.
        lengths: how many characters each text has, of shape (N,), int64.

    >>> encode_batch(["ja", "oja", "a"], {"a": 2, "j": 3})
    (tensor([[3, 2, 0],
            [1, 3, 2],
            [2, 0, 0]]), tensor([2, 3, 1]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


class Scanner(nn.Module):
    """The network that reads: an embedding of the characters, and a GRU over them.

    `Scanner(num_symbols, width, hidden)` has two layers, under these names: `embedding`, an nn.Embedding of
    num_symbols symbols (padding and the unknown included) in vectors of `width` numbers, and `gru`, an nn.GRU with
    states of `hidden` numbers, batch first. `scanner(ids, lengths)` takes what encode_batch returns, starts from a
    state of zeros, and returns the state after the last character of each text, of shape (N, hidden). Mind that the
    last step of the tensor is padding for all texts but the longest.

    >>> scanner = Scanner(num_symbols=4, width=2, hidden=3)
    >>> scanner(torch.tensor([[3, 2, 0], [1, 3, 2]]), torch.tensor([2, 3])).shape
    torch.Size([2, 3])
    """

    def __init__(self, num_symbols: int, width: int, hidden: int) -> None:
        # YOUR CODE HERE
        raise NotImplementedError

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """The state after the last character of each text: from ids (N, T) and lengths (N,) to (N, hidden)."""
        # YOUR CODE HERE
        raise NotImplementedError


class Encoder(nn.Module):
    """The network that decides: dense, ReLU, dense.

    `Encoder(hidden, num_languages)` has two layers, under these names: `dense`, an nn.Linear from `hidden` to
    `hidden` numbers, and `out`, an nn.Linear from those to one number a language. `encoder(states)` takes states of
    shape (N, hidden), and returns logits of shape (N, num_languages): scores before any softmax, as cross-entropy
    takes them.

    >>> Encoder(hidden=3, num_languages=8)(torch.zeros(5, 3)).shape
    torch.Size([5, 8])
    """

    def __init__(self, hidden: int, num_languages: int) -> None:
        # YOUR CODE HERE
        raise NotImplementedError

    def forward(self, states: Tensor) -> Tensor:
        """Logits (N, num_languages) from states (N, hidden)."""
        # YOUR CODE HERE
        raise NotImplementedError


def train_language_id(
    scanner: nn.Module,
    encoder: nn.Module,
    ids: Tensor,
    lengths: Tensor,
    labels: Tensor,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    rng: np.random.Generator,
) -> list[float]:
    """Train both networks jointly, in place: cross-entropy, and one Adam for the parameters of both.

    Each epoch goes through all texts once, in batches of `batch_size` (the last one may be smaller), in a new random
    order from rng.permutation. Adam has learning rate lr, and PyTorch's defaults for the rest.

    Args:
        scanner: called as scanner(ids, lengths).
        encoder: called with what the scanner returns.
        ids: of shape (N, T), int64.
        lengths: of shape (N,), int64.
        labels: the language of each text, of shape (N,), int64.
        epochs: how often to go through all texts.
        batch_size: texts in a step.
        lr: learning rate.
        rng: where the order comes from, and nothing else.

    Returns:
        One number an epoch: the mean over the texts of the loss that each had when its turn came.

    Two texts in two languages are soon told apart (at first the loss is near log 2 = 0.69):

    >>> _ = torch.manual_seed(0)
    >>> scanner, encoder = Scanner(4, 2, 3), Encoder(3, 2)
    >>> data = torch.tensor([[2, 3], [3, 2]]), torch.tensor([2, 2]), torch.tensor([0, 1])
    >>> how = {"epochs": 60, "batch_size": 2, "lr": 0.05, "rng": np.random.default_rng(0)}
    >>> losses = train_language_id(scanner, encoder, *data, **how)
    >>> len(losses), 0.6 < losses[0] < 0.9, losses[-1] < 0.1
    (60, True, True)
    """
    # YOUR CODE HERE
    raise NotImplementedError
