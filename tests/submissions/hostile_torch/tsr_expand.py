"""category: tensor
unit: vision/adversarial
mechanism: one number that claims to be a terabyte by its strides
required: 0, at no cost
hits: fgsm adversarial_training_step
expect: failed|crashed
says: too large
"""

def fgsm(model, x, y, eps=0.007, lo=0.0, hi=1.0):
    return torch.zeros(1).expand(1 << 37)
