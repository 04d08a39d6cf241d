"""category: process
unit: vision/adversarial
mechanism: ends the process in a hook of the backward pass, with exit code 0
required: 0, crashed
hits: fgsm adversarial_training_step
expect: crashed
says: ended itself (exit code 0)
"""

import os


def fgsm(model, x, y, eps=0.007, lo=0.0, hi=1.0):
    x = x.clone().requires_grad_()
    x.register_hook(lambda gradient: os._exit(0))
    model(x).sum().backward()
