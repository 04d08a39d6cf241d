# %% [markdown]
# # Adversarial digits
#
# Each pixel is moved by an amount that hardly shows, and the network reads another digit: all pixels move the way that
# the gradient says. You write the attack, and a defence, in `adversarial.py`.
# %%
import torch
from adversarial import adversarial_training_step, fgsm
from torch import nn

labels = torch.from_numpy(load_digits().target)
images = torch.from_numpy(digits[:, None]).float()


def network():
    """A small network, its weights drawn anew."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10))


def accuracy(net, x):
    with torch.no_grad():
        return (net(x).argmax(1) == labels[1200:]).float().mean().item()


net = network()
optimiser = torch.optim.Adam(net.parameters(), lr=0.02)
for _ in range(40):
    optimiser.zero_grad()
    nn.functional.cross_entropy(net(images[:1200]), labels[:1200]).backward()
    optimiser.step()
# %% [markdown]
# ## Before and after
# %%
test, truth = images[1200:], labels[1200:]
attacked = fgsm(net, test, truth, eps=0.15)
with torch.no_grad():
    said = net(attacked).argmax(1)
fooled = torch.where((said != truth) & (net(test).argmax(1) == truth))[0][:7]
show(*test[fooled, 0].numpy(), titles=[f"a {truth[n]}" for n in fooled])
show(*attacked[fooled, 0].numpy(), titles=[f'"a {said[n]}"' for n in fooled])
show(*(attacked - test)[fooled, 0].numpy(), titles=["what was added"])
# %% [markdown]
# ## The direction is what counts
#
# As much noise, its signs drawn at random, does nearly nothing.
# %%
sizes = [0.0, 0.05, 0.1, 0.15, 0.2, 0.3]
signs = torch.randint(0, 2, test.shape) * 2 - 1
noisy = [accuracy(net, (test + eps * signs).clamp(0, 1)) for eps in sizes]
plt.figure(figsize=(5, 2.4))
plt.plot(sizes, noisy, "o-", label="random signs")
plt.plot(sizes, [accuracy(net, fgsm(net, test, truth, eps=eps)) for eps in sizes], "o-", label="signs of the gradient")
plt.xlabel("eps")
plt.title("accuracy", fontsize=9)
plt.legend(fontsize=8)
plt.show()
# %% [markdown]
# ## Training on attacks as well
# %%
hardened = network()
optimiser = torch.optim.Adam(hardened.parameters(), lr=0.02)
for _ in range(40):
    adversarial_training_step(hardened, optimiser, images[:1200], labels[:1200], 0.15)
plt.figure(figsize=(5, 2.4))
for name, model in [("as it was", net), ("hardened", hardened)]:
    plt.plot(sizes, [accuracy(model, fgsm(model, test, truth, eps=eps)) for eps in sizes], "o-", label=name)
plt.xlabel("eps")
plt.title("accuracy under attack", fontsize=9)
plt.legend(fontsize=8)
plt.show()
