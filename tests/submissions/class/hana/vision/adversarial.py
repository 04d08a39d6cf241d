import torch
import torch.nn.functional as F


def fgsm(model, x, y, eps=0.007, lo=0.0, hi=1.0):
    x_adv = x.clone().detach().requires_grad_(True)
    was_training = model.training
    model.eval()
    loss = F.cross_entropy(model(x_adv), y)
    loss.backward()
    model.train(was_training)
    return (x + eps * x_adv.grad.sign()).clamp(lo, hi)


def adversarial_training_step(model, opt, x, y, eps, alpha=0.5):
    x_adv = fgsm(model, x, y, eps)
    loss = alpha * F.cross_entropy(model(x), y) + (1 - alpha) * F.cross_entropy(model(x_adv), y)
    loss.backward()
    opt.step()
    return loss.item()
