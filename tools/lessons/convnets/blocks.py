# %% [markdown]
# # Blocks
#
# Deep networks are made of blocks. Three ideas that made them work: add the input back, look at several scales at once,
# and split a convolution into two cheap ones. You write them in `blocks.py`.
# %%
from blocks import depthwise_separable_forward, inception_block, residual_block_forward

# %% [markdown]
# ## Adding the input back
#
# A block whose weights are zero hands its input on. So a deep stack of untrained blocks still sees the digit, where a
# stack of plain layers has long lost it.
# %%
from autograder.given import conv2d_forward

rng = np.random.default_rng(0)
digit = digits[4][None, None]
none = np.zeros(1)
plain, residual, stages = digit, digit, []
for depth in range(1, 13):
    w1, w2 = 0.2 * rng.normal(size=(2, 1, 1, 3, 3))
    plain = np.maximum(conv2d_forward(plain, w1, none, padding=1), 0)
    residual = residual_block_forward(residual, w1, none, w2, none)
    if depth in (1, 4, 12):
        stages += [plain[0, 0], residual[0, 0]]
show(digit[0, 0], *stages, titles=["digit", "1 plain", "1 block", "4 plain", "4 blocks", "12 plain", "12 blocks"])
# %% [markdown]
# ## Several scales at once
#
# Four branches see 1, 3, 5 pixels and the neighbourhood's maximum, and their channels are stacked.
# %%
shapes = {"1": (2, 1, 1), "3_reduce": (2, 1, 1), "3": (2, 2, 3), "5_reduce": (2, 1, 1), "5": (2, 2, 5),
          "_pool": (1, 1, 1)}
params = {f"w{name}": np.abs(rng.normal(size=(f, c, k, k))) for name, (f, c, k) in shapes.items()}
params |= {f"b{name}": np.zeros(f) for name, (f, c, k) in shapes.items()}
maps = inception_block(digit, params)[0]
show(*maps, titles=["1 by 1", "", "3 by 3", "", "5 by 5", "", "pooled"])
# %% [markdown]
# ## Rows and columns first, channels afterwards
#
# One filter a channel, then a mixture of channels: fewer weights by far.
# %%
colours = np.stack([digits[1], digits[2], digits[3]])[None]
edges = np.array([[[-1, 0, 1]] * 3] * 3, dtype=float)
mixed = depthwise_separable_forward(colours, edges, np.array([[1.0, 0, 0], [0, 0, 1], [1, 1, 1]]))[0]
show(*colours[0], *mixed, titles=["channel 1", "channel 2", "channel 3", "edges of 1", "edges of 3", "of all"])
print("weights:", 3 * 9 + 3 * 3, "in place of", 3 * 3 * 9)
