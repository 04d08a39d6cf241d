"""category: tensor
unit: vision/adversarial
mechanism: a tensor on the meta device, which has a shape and no numbers
required: 0, in words that say so, and not as a stub
hits: fgsm adversarial_training_step
expect: crashed
says: cannot be read as an array
"""

def fgsm(model, x, y, eps=0.007, lo=0.0, hi=1.0):
    return x.to("meta")
