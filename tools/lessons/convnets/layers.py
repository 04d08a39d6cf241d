# %% [markdown]
# # The other layers
#
# Between the convolutions: activations, a dense layer, the loss, batch normalisation, dropout. You write them in
# `layers.py`, forward and backward.
# %%
from layers import (
    batchnorm2d_forward, dropout_forward, leaky_relu_backward, leaky_relu_forward, relu_backward, relu_forward,
    sigmoid_backward, sigmoid_forward, softmax_cross_entropy, tanh_backward, tanh_forward,
)
# %% [markdown]
# ## Activations, and how much gradient they let through
#
# Sigmoid and tanh go flat on both sides: what is saturated learns nothing.
# %%
z = np.linspace(-5, 5, 201)
one = np.ones_like(z)
pairs = [("relu", relu_forward, relu_backward), ("leaky relu", leaky_relu_forward, leaky_relu_backward),
         ("sigmoid", sigmoid_forward, sigmoid_backward), ("tanh", tanh_forward, tanh_backward)]
figure, axes = plt.subplots(1, 4, figsize=(9, 2), sharex=True)
for axis, (name, forward, backward) in zip(axes, pairs):
    axis.plot(z, forward(z), color="black")
    axis.plot(z, backward(one, z), color="tab:red", linestyle="--")
    axis.set_title(name, fontsize=9)
plt.show()
# %% [markdown]
# ## The loss and its gradient
#
# The gradient of the logits is the predicted probability, minus 1 at the right class, over the number of samples. It
# stays finite however sure the network is, if you never take the exponential of a large number.
# %%
logits = np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 1e4]])
loss, dlogits = softmax_cross_entropy(logits, np.array([0, 2]))
print(f"loss {loss:.3f}, gradient\n{dlogits.round(3)}")
# %% [markdown]
# ## Batch normalisation
#
# A channel that is far too bright, before and after.
# %%
images = digits[:64, None] * np.array([1.0, 0.2])[:, None, None] + np.array([0.0, 3.0])[:, None, None]
nothing = np.zeros(2)
normal, *_ = batchnorm2d_forward(images, nothing + 1, nothing, nothing, nothing + 1, training=True)
print("means", images.mean((0, 2, 3)).round(2), "->", normal.mean((0, 2, 3)).round(2))
print("stds ", images.std((0, 2, 3)).round(2), "->", normal.std((0, 2, 3)).round(2))
# %% [markdown]
# ## Dropout
#
# Another digit each time, the same one on average.
# %%
rng = np.random.default_rng(0)
thinned = [dropout_forward(digits[2], 0.5, True, rng)[0] for _ in range(200)]
show(digits[2], *thinned[:3], np.mean(thinned, axis=0),
     titles=["digit", "dropped", "dropped", "dropped", "mean of 200"])
