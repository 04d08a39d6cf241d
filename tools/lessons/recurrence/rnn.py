# %% [markdown]
# # A recurrent layer
#
# The state sums up what has been read so far, and each step mixes the next input into it, always with the same weights.
# You write it in `rnn.py`; here you watch what it remembers, and why that is hard.
# %%
from rnn import clip_grad_norm, leaky_unit, rnn_backward, rnn_forward
# %% [markdown]
# ## What a state remembers
#
# One 1 at the beginning, then zeros. With a small recurrent weight it is gone at once, with one near 1 it lingers.
# %%
pulse = np.zeros((1, 30, 1))
pulse[0, 0] = 1
one = np.ones((1, 1))
plt.figure(figsize=(5, 2.4))
for weight in (0.3, 0.7, 0.95, 1.2):
    h = rnn_forward(pulse, 0 * one, one, weight * one, np.zeros(1))
    plt.plot(h[0, :, 0], label=f"weight {weight}")
plt.xlabel("step")
plt.title("the state after one pulse", fontsize=9)
plt.legend(fontsize=8)
plt.show()
# %% [markdown]
# ## The gradient through time
#
# A loss at the last step alone. On its way back its gradient meets the same matrix at each step, so it fades or grows
# with the matrix's largest eigenvalue (its spectral radius); where the states saturate, tanh makes it fade faster.
# %%
rng = np.random.default_rng(0)
steps, size = 40, 20
x, h0 = 0.1 * rng.normal(size=(1, steps, 3)), np.zeros((1, size))
Wx, noise = rng.normal(size=(3, size)) / 10, rng.normal(size=(size, size))
noise /= np.abs(np.linalg.eigvals(noise)).max()


def gradient_norms(radius):
    """How much of the gradient of the last state reaches each input."""
    h = rnn_forward(x, h0, Wx, radius * noise, np.zeros(size))
    dh = np.zeros_like(h)
    dh[0, -1] = 1
    return np.linalg.norm(rnn_backward(dh, x, h0, h, Wx, radius * noise)[0][0], axis=1)


plt.figure(figsize=(5, 2.6))
for radius in (0.5, 0.9, 1.0, 1.1):
    plt.semilogy(gradient_norms(radius), label=f"radius {radius}")
plt.xlabel("step of the input")
plt.title("gradient that reaches each input", fontsize=9)
plt.legend(fontsize=8)
plt.show()
# %% [markdown]
# With which radius does the first input get about as much as the last?
# %% solution balanced-radius
balanced = None  # a number
### BEGIN SOLUTION
candidates = np.linspace(0.8, 1.3, 51)
ratios = [gradient_norms(candidate)[0] / gradient_norms(candidate)[-1] for candidate in candidates]
balanced = candidates[np.argmin(np.abs(np.log(ratios)))]
### END SOLUTION
# %%
if balanced is None:
    print("No radius yet: choose one in the cell above.")
else:
    norms = gradient_norms(balanced)
    print(f"radius {balanced:.2f}: the first input gets {norms[0] / norms[-1]:.2f} times as much as the last")
# %% [markdown]
# ## Two answers
#
# Clipping keeps the direction of a gradient and bounds its length. A leaky unit keeps part of what it had, so that it
# forgets at a rate of its own.
# %%
clipped, norm = clip_grad_norm({"Wh": np.array([[3.0, 0.0]]), "b": np.array([4.0])}, 1.0)
print(f"norm {norm:g}, clipped to", {name: grad.round(2).tolist() for name, grad in clipped.items()})
spikes = (rng.random(60) < 0.15).astype(float)
plt.figure(figsize=(5, 2.2))
plt.bar(np.arange(60), spikes, color="lightgray")
for alpha in (0.5, 0.9):
    plt.plot(leaky_unit(spikes, alpha), label=f"alpha {alpha}")
plt.legend(fontsize=8)
plt.show()
