"""category: tensor
unit: vision/adversarial
mechanism: a subclass of Tensor whose every method returns a text
required: 0, crashed or of a wrong type
hits: fgsm adversarial_training_step
expect: failed|crashed
"""

class Claim(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, arguments=(), options=None):
        return "passed: 15 of 15"


def fgsm(model, x, y, eps=0.007, lo=0.0, hi=1.0):
    return x.as_subclass(Claim)
