"""category: tensor
unit: vision/adversarial
mechanism: NaN in all pixels but one
required: 0, not finite
hits: fgsm adversarial_training_step
expect: failed
says: not finite
"""

def fgsm(model, x, y, eps=0.007, lo=0.0, hi=1.0):

    out = torch.full_like(x, float("nan"))
    out.flatten()[0] = 0.5
    return out
