"""category: comparator
unit: vision/adversarial
mechanism: makes all tensors equal and close, and all losses and steps idle
required: 0: nothing is compared in the worker
hits: fgsm adversarial_training_step
expect: failed
"""

torch.equal = torch.allclose = torch.Tensor.allclose = torch.Tensor.equal = lambda *arguments, **options: True
torch.testing.assert_close = lambda *arguments, **options: None
torch.Tensor.__eq__ = torch.Tensor.__le__ = lambda self, other: torch.ones_like(self, dtype=torch.bool)
torch.optim.SGD.step = lambda self, closure=None: None


def fgsm(model, x, y, eps=0.007, lo=0.0, hi=1.0):
    return x
