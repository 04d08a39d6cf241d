"""category: state
unit: vision/adversarial
mechanism: leaves PyTorch without gradients, with float16 and the meta device as defaults
required: 0 for it; other units are other processes
hits: fgsm adversarial_training_step
expect: failed|crashed
"""

def fgsm(model, x, y, eps=0.007, lo=0.0, hi=1.0):

    torch.set_grad_enabled(False)
    torch.set_default_dtype(torch.float16)
    torch.set_default_device("meta")
    torch.inference_mode(True).__enter__()
    return x
