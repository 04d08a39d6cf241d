# %% [markdown]
# # Reading strips of digits
#
# Convolutions, a bidirectional LSTM and a dense layer in a row, trained as one: for the bonus. You write the reader in
# `digit_strips.py`, in PyTorch.
# %%
import torch
from digit_strips import build_reader, read_strips, train_reader

# %% [markdown]
# ## Strips
#
# Three digits side by side, none quite in its place.
# %%
rng = np.random.default_rng(0)
kinds = load_digits().target


def strips_of(pool, count):
    """Strips of digits drawn from a pool of images, and what stands on them."""
    drawn = rng.choice(pool, (count, 3))
    strips = np.zeros((count, 1, 10, 30))
    for n, places in enumerate(drawn):
        for place, image in enumerate(places):
            y, x = rng.integers(0, 3, 2)
            strips[n, 0, y : y + 8, 10 * place + x : 10 * place + x + 8] = digits[image]
    return torch.from_numpy(strips).float(), torch.from_numpy(kinds[drawn])


strips, labels = strips_of(np.arange(1200), 500)
others, truth = strips_of(np.arange(1200, 1797), 200)
show(*strips[:5, 0].numpy(), titles=["".join(map(str, row)) for row in labels[:5].tolist()])
# %% [markdown]
# ## Training, and reading what was never seen
# %%
torch.manual_seed(0)
model = build_reader(10)
train_reader(model, strips, labels, epochs=5, lr=0.008, seed=0)
read, written = read_strips(model, others), ["".join(map(str, row)) for row in truth.tolist()]
print(f"{np.mean([a == b for a, b in zip(read, written)]):.0%} of the strips read right, all three digits")
wrong = [n for n, (a, b) in enumerate(zip(read, written)) if a != b][:5] or [0]
show(*others[wrong, 0].numpy(), titles=[f"{read[n]} for {written[n]}" for n in wrong])
