# %% [markdown]
# # The GRU
#
# Two gates: one says how much of the old state stays, the other how much of it the new candidate sees. You write it in
# `gru.py`, and once more as PyTorch computes it.
# %%
from gru import gru_backward, gru_forward, gru_step_cudnn, gru_step_forward

# %% [markdown]
# ## A state that can wait
#
# One pulse, then zeros. The bias of the update gate decides how long the state stays: z near 1 keeps it.
# %%
pulse = np.zeros((1, 40, 1))
pulse[0, 0] = 1
start = np.zeros((1, 1))
Wx, Wh = np.array([[0.0, -6.0, 3.0]]), np.zeros((1, 3))
plt.figure(figsize=(6, 2.4))
for bias in (0.0, 2.0, 4.0):
    h, gates = gru_forward(pulse, start, Wx, Wh, np.array([0.0, bias, 0.0]))
    plt.plot(h[0, :, 0], label=f"z = {1 / (1 + np.exp(-bias)):.2f} between pulses")
plt.xlabel("step")
plt.title("the state after one pulse", fontsize=9)
plt.legend(fontsize=8)
plt.show()
# %% [markdown]
# ## And its gradient with it
# %%
rng = np.random.default_rng(0)
steps, size = 40, 10
x, h0 = 0.1 * rng.normal(size=(1, steps, 3)), np.zeros((1, size))
Wx, Wh = 0.3 * rng.normal(size=(3, 3 * size)), 0.1 * rng.normal(size=(size, 3 * size))
plt.figure(figsize=(5, 2.6))
for bias in (-1, 1, 4):
    h, gates = gru_forward(x, h0, Wx, Wh, np.repeat([0.0, bias, 0.0], size))
    dh = np.zeros_like(h)
    dh[0, -1] = 1
    dx = gru_backward(dh, x, h0, h, gates, Wx, Wh)[0]
    plt.semilogy(np.linalg.norm(dx[0], axis=1), label=f"update bias {bias}")
plt.xlabel("step of the input")
plt.title("gradient that reaches each input", fontsize=9)
plt.legend(fontsize=8)
plt.show()
# %% [markdown]
# ## Two conventions
#
# The reset gate acts before the product with the state's weights, or after it. The same weights, two networks.
# %%
h_prev, now = rng.normal(size=(1, size)), rng.normal(size=(1, 3))
Wh = rng.normal(size=(size, 3 * size))
lecture, _ = gru_step_forward(now, h_prev, Wx, Wh, np.zeros(3 * size))
pytorch = gru_step_cudnn(now, h_prev, Wx, Wh, np.zeros(3 * size), np.zeros(3 * size))
show(lecture, pytorch, lecture - pytorch, titles=["lecture", "PyTorch", "difference"])
