# %% [markdown]
# # Pooling
#
# From a window of pixels to one number. Max pooling asks whether something is there at all, and forgets where exactly:
# a digit that moves by a pixel leaves most of the answers as they are. You write it in `pooling.py`.
# %%
from pooling import (
    avg_pool2d_forward, global_avg_pool, lp_pool2d_forward, max_pool2d_backward, max_pool2d_forward, maxout_forward,
)
# %% [markdown]
# ## Largest, mean, and everything between
#
# The Lp norm of a window goes from a sum (p = 1) to the largest value as p grows.
# %%
digit = digits[3]
image = digit[None, None]
pooled = [max_pool2d_forward(image)[0, 0], avg_pool2d_forward(image)[0, 0]]
pooled += [lp_pool2d_forward(image, p)[0, 0] for p in (1, 2, 20)]
show(digit, *pooled, titles=["a digit", "max", "mean", "L1", "L2", "L20"])
# %% [markdown]
# The L-p norm of four equal values is 4 ** (1 / p) times as large as each. Which p comes within 1 % of the maximum, whatever is
# in the window?
# %% solution large-p
p = None  # a number
### BEGIN SOLUTION
p = np.log(4) / np.log(1.01)
### END SOLUTION
# %%
if p is None:
    print("No p yet: choose one in the cell above.")
else:
    print(f"p = {p:.0f}: four ones give {lp_pool2d_forward(np.ones((1, 1, 2, 2)), p).item():.4f}")
# %% [markdown]
# ## The winners
#
# Backward, the gradient of a window goes to the pixel that won it. A gradient of ones shows which pixels those were.
# Windows that overlap may have the same winner: it is paid more than once.
# %%
grains = digit + 1e-3 * np.random.default_rng(0).random((8, 8))  # no ties
tiled = max_pool2d_backward(np.ones((1, 1, 4, 4)), grains[None, None])[0, 0]
dense = max_pool2d_backward(np.ones((1, 1, 7, 7)), grains[None, None], pool=2, stride=1)[0, 0]
show(digit, tiled, dense, titles=["the digit", "winners, tiled", "stride 1"])
# %% [markdown]
# ## A pixel to the right
#
# How much changes when the digit moves? Less after pooling than before, and less for max than for the mean.
# %%
moved = np.roll(digits, 1, axis=2)[:, None]
before = digits[:, None]


def change(after, of):
    return np.abs(after - of).mean() / np.abs(of).mean()


for name, pool in [("pixels", lambda x: x), ("max", max_pool2d_forward), ("mean", avg_pool2d_forward)]:
    print(f"{name:7} change by {change(pool(moved), pool(before)):.0%}")
print("global mean of three digits:", global_avg_pool(before[:3]).round(3).ravel())
# %% [markdown]
# ## Maxout
#
# The largest of several linear units is a function made of straight pieces, here from three of them.
# %%
t = np.linspace(-2, 2, 81)
pieces = np.stack([-1.5 * t - 1, 0.2 * t, t - 0.8], axis=1)
plt.figure(figsize=(4, 2.4))
plt.plot(t, pieces, color="lightgray")
plt.plot(t, maxout_forward(pieces, 3)[:, 0], color="black")
plt.title("maxout of three lines", fontsize=9)
plt.show()
