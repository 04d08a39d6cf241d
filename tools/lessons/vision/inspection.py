# %% [markdown]
# # Looking into a network
#
# What do its layers see, what has it learnt, what does it confuse? You write the instruments in `inspection.py`; here
# they look at a small network that reads digits.
# %%
import torch
from inspection import confusion_set, get_activations, tile_filters, topk_error
from torch import nn

labels = torch.from_numpy(load_digits().target)
images = torch.from_numpy(digits[:, None]).float()
torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(),
                    nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10))
optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(25):
    optimiser.zero_grad()
    nn.functional.cross_entropy(net(images[:1200]), labels[:1200]).backward()
    optimiser.step()
# %% [markdown]
# ## Its filters, and its feature maps of one digit
# %%
show(tile_filters(net[0].weight.detach())[0].numpy(), titles=["first layer"])
seen = get_activations(net, images[5:6], ["1", "3"])
show(digits[5], *seen["1"][0, :5].numpy(), titles=["a digit", "first layer"])
show(digits[5], *seen["3"][0, :5].numpy(), titles=["the same", "second layer"])
# %% [markdown]
# ## What it takes for what
# %%
with torch.no_grad():
    logits = net(images[1200:])
for k in (1, 2, 3):
    print(f"top-{k} error {topk_error(logits, labels[1200:], k):.1%}")
for digit, others in enumerate(confusion_set(logits.softmax(1), labels[1200:], 2).tolist()):
    print(f"a {digit} is taken for {others[0]} or {others[1]}")
