# %% [markdown]
# # Transfer learning
#
# A network has learnt the digits 0 to 5, anywhere on a noisy canvas, from many images. Of 6 to 9 there are two images
# each. Who starts from what the network sees needs few. You write the steps in `transfer.py`.
# %%
import torch
from torch import nn
from transfer import best_threshold, extract_features, fine_tune, freeze, replace_head, truncate

# %% [markdown]
# ## A network that has learnt something else
# %%
rng = np.random.default_rng(0)
labels = torch.from_numpy(load_digits().target)
canvas = 0.3 * rng.random((len(digits), 1, 16, 16))
for n, (row, column) in enumerate(rng.integers(0, 9, (len(digits), 2))):
    canvas[n, 0, row : row + 8, column : column + 8] += digits[n]
images = torch.from_numpy(canvas).float()
known = labels < 6
show(*canvas[:8, 0])


def network():
    """A chain whose last child is the head; its weights are drawn anew."""
    torch.manual_seed(0)
    chain = nn.Sequential()
    for name, layer in [
        ("conv1", nn.Conv2d(1, 12, 3, padding=1)), ("relu1", nn.ReLU()), ("pool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(12, 24, 3, padding=1)), ("relu2", nn.ReLU()),
        ("conv3", nn.Conv2d(24, 64, 3, padding=1)), ("relu3", nn.ReLU()), ("pool3", nn.AdaptiveMaxPool2d(1)),
        ("flat", nn.Flatten()), ("head", nn.Linear(64, 6)),
    ]:
        chain.add_module(name, layer)
    return chain


model = network()
optimiser = torch.optim.Adam(model.parameters(), lr=0.005)
for _ in range(90):
    batch = torch.where(known)[0][torch.from_numpy(rng.integers(0, int(known.sum()), 128))]
    optimiser.zero_grad()
    nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
    optimiser.step()
print(f"{(model(images[known]).argmax(1) == labels[known]).float().mean():.0%} of the digits that it learnt")
show(*model.conv1.weight.detach()[:8, 0].numpy(), titles=["its filters"])
# %% [markdown]
# ## Its features know digits that it never saw
#
# Two dimensions of the layer before the head, for digits that the network was not trained on.
# %%
body = truncate(model, "head")
unseen = ~known
features = extract_features(body, images[unseen]).numpy()
centred = features - features.mean(axis=0)
plane = centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T
plt.figure(figsize=(4, 3))
for digit in range(6, 10):
    these = labels[unseen] == digit
    plt.scatter(*plane[these].T, s=6, label=str(digit))
plt.legend(fontsize=8)
plt.show()
# %% [markdown]
# ## A new head on old features, or everything from nothing
# %%
few = torch.cat([torch.where(labels == digit)[0][:2] for digit in range(6, 10)])
tested = torch.where(unseen)[0][40:]
for name, old, lr_body in [("transferred", model, 0.002), ("from nothing", network(), 0.05)]:
    new = fine_tune(replace_head(old, "head", 4), images[few], labels[few] - 6, warmup_epochs=40, epochs=40,
                    lr_body=lr_body, lr_head=0.05, rng=np.random.default_rng(0))
    right = (new(images[tested]).argmax(1) == labels[tested] - 6).float().mean()
    print(f"{name:13} {right:.0%} right with two images a digit")
# %% [markdown]
# ## Frozen is frozen
# %%
print([parameter.requires_grad for parameter in freeze(replace_head(model, "head", 4)).parameters()])
scores, same = torch.tensor([0.25, 0.5, 0.75, 1.0]), torch.tensor([False, False, True, True])
print("the same person from a score of", best_threshold(scores, same))
