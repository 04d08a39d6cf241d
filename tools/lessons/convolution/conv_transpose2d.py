# %% [markdown]
# # Transposed convolution
#
# A convolution with a stride makes images smaller. Its backward pass makes them larger again, and serves as a layer of
# its own wherever a network has to draw: segmentation, decoders. You write it in `conv_transpose2d.py`.
# %%
from conv_transpose2d import bilinear_kernel, conv_transpose2d_backward, conv_transpose2d_forward

# %% [markdown]
# ## Each pixel stamps the filter
#
# Where stamps overlap they add up. With a stride of 3 and a stamp of 3 by 3 they lie side by side; a larger stamp
# overlaps, and where the overlap is uneven it leaves the famous chequerboard.
# %%
dots = np.zeros((1, 1, 4, 4))
dots[0, 0, [0, 1, 3], [1, 2, 0]] = 1
stamp = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], dtype=float)
show(dots[0, 0], *(conv_transpose2d_forward(dots, stamp[None, None], np.zeros(1), stride=s)[0, 0] for s in (1, 2, 3)),
     titles=["four by four", "stride 1", "stride 2", "stride 3"])
flat = np.ones((1, 1, 6, 6))
show(*(conv_transpose2d_forward(flat, np.ones((1, 1, k, k)), np.zeros(1), stride=2)[0, 0] for k in (2, 3, 4)),
     titles=["2 by 2: even", "3 by 3: chequered", "4 by 4: even inside"])
# %% [markdown]
# ## Enlarging a digit
#
# With a tent for a filter the layer interpolates: this is what networks for segmentation start from.
# %%
digit = digits[7][None, None]
factor = 4
w = bilinear_kernel(factor, 1)
large = conv_transpose2d_forward(digit, w, np.zeros(1), stride=factor, padding=(w.shape[2] - factor) // 2)
show(digit[0, 0], w[0, 0], large[0, 0], titles=["8 by 8", "the tent", f"{large.shape[2]} by {large.shape[3]}"])
# %% [markdown]
# ## Backward is the convolution
#
# One pixel of the large image, asked who made it: the gradient of the small image is a correlation with the stamp.
# %%
dout = np.zeros_like(large)
dout[0, 0, 16, 16] = 1
dx, dw, db = conv_transpose2d_backward(dout, digit, w, stride=factor, padding=(w.shape[2] - factor) // 2)
show(dout[0, 0], dx[0, 0], titles=["one pixel of 32 by 32", "who made it"])
