"""category: resource
unit: vision/adversarial
mechanism: asks for the terabyte itself, and for half a gigabyte again and again
required: 0; the process has a limit
hits: fgsm adversarial_training_step
expect: crashed
says: memory
"""

def fgsm(model, x, y, eps=0.007, lo=0.0, hi=1.0):

    kept = []
    while True:
        kept.append(torch.zeros(1).expand(1 << 26).contiguous())
