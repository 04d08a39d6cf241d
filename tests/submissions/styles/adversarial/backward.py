"""backward() on x alone, gradients of parameters saved and put back, prints."""

import torch
import torch.nn as nn


def fgsm(model, x, y, eps=0.007, lo=0.0, hi=1.0):
    saved = [p.grad for p in model.parameters()]
    was = [m.training for m in model.modules()]
    for p in model.parameters():
        p.grad = None
    model.train(False)
    x = x.clone()
    x.requires_grad = True
    loss = nn.CrossEntropyLoss(reduction="sum")(model(x), y)
    loss.backward()
    print("loss", loss.item())
    for p, grad in zip(model.parameters(), saved):
        p.grad = grad
    for m, training in zip(model.modules(), was):
        m.training = training
    with torch.no_grad():
        x_adv = x + eps * x.grad.data.sign()
        x_adv = torch.max(torch.min(x_adv, torch.full_like(x, hi)), torch.full_like(x, lo))
    return x_adv


def adversarial_training_step(model, opt, x, y, eps, alpha=0.5):
    loss_function = nn.CrossEntropyLoss()
    x_adv = fgsm(model, x, y, eps, 0, 1)
    model.zero_grad()
    clean = loss_function(model(x), y)
    dirty = loss_function(model(x_adv), y)
    total = torch.lerp(dirty, clean, alpha)
    total.backward()
    opt.step()
    return total.detach()
