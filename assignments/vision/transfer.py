"""Transfer learning in small steps: truncate, extract, replace the head, freeze, fine-tune.

A network that has learnt to tell a million images apart sees edges, textures and parts of things. Who has only a few
images of their own takes over what it sees, and learns anew only what to make of it:

1. truncate the trained network before its last layer, and extract features with it,
2. put a new head on it, for your own classes,
3. freeze the rest, and train the head for a few epochs,
4. unfreeze some of it, and fine-tune it all with a smaller learning rate.

Rules for all functions here:
- Models are `nn.Module`s. A chain is an `nn.Sequential` whose children have names ("stem", "body", "head"); names of
  deeper modules have dots in them, as `model.get_submodule("classifier.1")` takes them.
- Everything stays on the device and in the dtype that it is in.
- A parameter is frozen if its `requires_grad` is False. That is not all there is to freezing: a batch norm that is
  training also moves its running mean and variance, which are no parameters but buffers.
"""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def truncate(model: nn.Sequential, name: str) -> nn.Sequential:
    """All layers of a chain before the child called name: a new chain. The model itself stays as it is.

    >>> chain = nn.Sequential()
    >>> for name, layer in (("stem", nn.Linear(4, 3)), ("relu", nn.ReLU()), ("head", nn.Linear(3, 2))):
    ...     chain.add_module(name, layer)
    >>> truncate(chain, "head")(torch.ones(1, 4)).shape
    torch.Size([1, 3])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def extract_features(body: nn.Module, x: torch.Tensor, batch_size: int = 256) -> torch.Tensor:
    """What body makes of the images x (N, C, H, W), as features (N, ...) for other models to learn from.

    In batches of batch_size, the last of them smaller if need be, so that memory suffices. In evaluation mode: no
    dropout, and batch norms use and keep the statistics that they have. Without gradients. Afterwards each module of
    body is in the mode that it was in, training or not.

    >>> body = nn.Sequential(nn.Flatten(), nn.Dropout(0.5)).train()
    >>> extract_features(body, torch.ones(3, 1, 2, 2), batch_size=2)
    tensor([[1., 1., 1., 1.],
            [1., 1., 1., 1.],
            [1., 1., 1., 1.]])
    >>> body.training
    True
    """
    # YOUR CODE HERE
    raise NotImplementedError


def replace_head(model: nn.Module, name: str, num_classes: int) -> nn.Module:
    """A copy of the model in which the dense layer called name is a new one, for num_classes classes.

    The new layer takes as many numbers as the old one took, is drawn at random as `nn.Linear` draws it, has biases, can
    be trained whether or not the old one could, and is on the old one's device and in its dtype. It gives logits: no
    softmax. The argument is not changed.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(12, 1000))
    >>> replace_head(model, "1", 102)[1]
    Linear(in_features=12, out_features=102, bias=True)
    >>> model[1].out_features
    1000
    """
    # YOUR CODE HERE
    raise NotImplementedError


def freeze(module: nn.Module) -> nn.Module:
    """Freeze a module, which is returned: its parameters get no gradients, and its batch norms keep their statistics.

    While the module stays in evaluation mode, that is: see keep_frozen_bn_eval for what model.train() would do.
    An optimiser that has its parameters (with momentum, with weight decay) leaves them as they are, bit for bit:
    it skips those without a gradient. A gradient of 0 is a gradient.

    >>> layer = freeze(nn.BatchNorm2d(2))
    >>> [parameter.requires_grad for parameter in layer.parameters()], layer.training
    ([False, False], False)
    """
    # YOUR CODE HERE
    raise NotImplementedError


def keep_frozen_bn_eval(model: nn.Module) -> None:
    """From now on, keep the frozen batch norms of a model in evaluation mode, whatever calls model.train().

    A batch norm is frozen while its parameters are: when they are thawed, the next model.train() has it train again.
    All other modules follow model.train() and model.eval() as ever.

    >>> model = nn.Sequential(freeze(nn.BatchNorm2d(2)), nn.BatchNorm2d(2))
    >>> keep_frozen_bn_eval(model)
    >>> [layer.training for layer in model.train()]
    [False, True]
    """

    # YOUR CODE HERE
    raise NotImplementedError


def unfreeze_last(model: nn.Sequential, n_blocks: int) -> list[str]:
    """Thaw the last n_blocks children of a chain; children without parameters (ReLU, pooling) do not count as blocks.

    Their parameters can be trained again, and they are put in the mode of the model. The names of their parameters are
    returned in the order of model.named_parameters(). With n_blocks = 0, nothing is thawed.

    >>> model = freeze(nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2), nn.Flatten()))
    >>> unfreeze_last(model, 1)
    ['2.weight', '2.bias']
    """
    # YOUR CODE HERE
    raise NotImplementedError


def discriminative_groups(model: nn.Module, head: str, lr_body: float, lr_head: float) -> list[dict]:
    """Parameter groups for an optimiser: the head learns with lr_head, everything else with the smaller lr_body.

    head is the name of a module. Each parameter that can be trained is in exactly one group, frozen ones are in none.
    A group is a dict with the keys "params", a list, and "lr"; the body's comes first.

    >>> model = nn.Sequential(nn.Linear(2, 3), freeze(nn.Linear(3, 3)), nn.Linear(3, 2))
    >>> groups = discriminative_groups(model, "2", 0.001, 0.1)
    >>> [(group["lr"], len(group["params"])) for group in groups]
    [(0.001, 2), (0.1, 2)]
    """
    # YOUR CODE HERE
    raise NotImplementedError


def fine_tune(
    model: nn.Sequential,
    x: torch.Tensor,
    y: torch.Tensor,
    *,
    warmup_epochs: int,
    epochs: int,
    lr_body: float,
    lr_head: float,
    rng: np.random.Generator,
) -> nn.Sequential:
    """Train a chain whose last child is "head" on images x with labels y (N,), in two phases; return it.

    First, for warmup_epochs, only the head learns, with lr_head: the rest is frozen. Then, for epochs more, what of the
    rest could be trained when the model came in is thawed and learns with lr_body, the head with lr_head. Batch norms
    outside the head keep their statistics in both phases, bit for bit: they stay in evaluation mode, while everything
    else is in training mode. What the caller had frozen stays as it is.

    Each phase has an optimiser of its own, made when it begins: `torch.optim.SGD` with momentum 0.9. Each epoch takes
    `rng.permutation(N)` in batches of 32, the last one smaller, and a step on the mean cross-entropy of each batch. In
    the end the model is in evaluation mode.

    >>> model = nn.Sequential()
    >>> model.add_module("head", nn.Linear(1, 2))
    >>> x, y = torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1])
    >>> rng = np.random.default_rng(0)
    >>> model = fine_tune(model, x, y, warmup_epochs=20, epochs=0, lr_body=0.0, lr_head=0.5, rng=rng)
    >>> model(x).argmax(1)
    tensor([0, 1])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def class_weights(counts: torch.Tensor) -> torch.Tensor:
    """Weights (K,) that make up for classes of unequal size: for counts (K,) of images, of N in all, N / (K * counts).

    All are 1 if the classes are equal in size. A class without images gets 0.

    >>> class_weights(torch.tensor([30, 10, 0]))
    tensor([0.4444, 1.3333, 0.0000])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def best_threshold(scores: torch.Tensor, same: torch.Tensor) -> float:
    """Verification: from which score on should two faces count as the same person?

    scores (N,) say how alike the two pictures of each pair are, same (N,) of truth values whether they show one person.
    A threshold t calls all pairs with a score of at least t the same. Of the scores, return the one that as threshold
    gets the most pairs right; of several, the smallest.

    >>> best_threshold(torch.tensor([0.1, 0.5, 0.4, 0.9]), torch.tensor([False, True, False, True]))
    0.5
    """
    # YOUR CODE HERE
    raise NotImplementedError
