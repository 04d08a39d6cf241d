# %% [markdown]
# # A 2-D convolution layer
#
# One small filter slides over the image. Where the patch under it looks like the filter, the feature map is large: the
# layer says *where* something is. You write it in `conv2d.py`, beside this notebook; here you watch it work.
# %%
from conv2d import conv2d_backward, conv2d_forward, pad2d

# %% [markdown]
# ## A filter sees what it looks like
#
# Four filters of 3 by 3 on one digit. The first two answer to edges, and say with their sign which way round; the third
# blurs; the last one looks for a diagonal. With `padding=1` the feature maps are as large as the image.
# %%
digit = digits[0]
filters = np.array([
    [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]],
], dtype=float)
names = ["lower edge", "right edge", "blur", "diagonal"]
maps = conv2d_forward(digit[None, None], filters[:, None], np.zeros(4), padding=1)[0]
show(*filters, titles=names)
show(digit, *maps, titles=["the digit", *names])
# %% [markdown]
# A filter of your own: what would find the lower end of the digit's stroke? Put numbers in place of `None`.
# %% solution own-filter
mine = None  # an array of shape (3, 3)
### BEGIN SOLUTION
mine = np.array([[1, 1, 1], [1, 2, 1], [-3, -3, -3]], dtype=float)
### END SOLUTION
# %%
if mine is None:
    print("No filter of your own yet: write one in the cell above.")
else:
    own = conv2d_forward(digit[None, None], mine[None, None], np.zeros(1), padding=1)[0, 0]
    show(mine, own, titles=["your filter", "where it is"])
# %% [markdown]
# ## Stride and padding
#
# A stride of 2 looks at every other place: half the rows, half the columns. Without padding, the frame is lost.
# %%
image, edge, none = digit[None, None], filters[:1, None], np.zeros(1)
show(*(conv2d_forward(image, edge, none, stride=s, padding=p)[0, 0] for s, p in [(1, 1), (1, 0), (2, 1)]),
     titles=["padding 1", "padding 0", "stride 2"])
print(pad2d(np.ones((1, 1, 2, 2)), 1)[0, 0])
# %% [markdown]
# ## Backward: each output sends its gradient back
#
# Give a single place of the feature map the gradient 1. `dx` is then the filter, stamped where that place looked;
# `dw` is the patch of the image that it saw. With more than one place, stamps and patches add up.
# %%
dout = np.zeros((1, 1, 8, 8))
dout[0, 0, 2, 5] = 1
dx, dw, db = conv2d_backward(dout, image, edge, padding=1)
show(dout[0, 0], dx[0, 0], dw[0, 0], titles=["dout", "dx: the filter", "dw: the patch"])
# %% [markdown]
# ## And with that, a filter learns
#
# Start from noise and ask for the map of the "right edge". Each step goes against `dw`.
# %%
wanted = maps[1][None, None]
w = np.random.default_rng(0).normal(size=(1, 1, 3, 3))
history = [w[0, 0]]
for step in range(400):
    out = conv2d_forward(image, w, none, padding=1)
    w = w - 0.01 * conv2d_backward(2 * (out - wanted), image, w, padding=1)[1]
    history.append(w[0, 0])
show(*history[::100], titles=[f"step {step}" for step in range(0, 401, 100)])
