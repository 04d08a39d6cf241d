# %% [markdown]
# # The LSTM
#
# A cell that keeps what is in it, and gates that say when to write, when to forget and when to show it. You write it in
# `lstm.py`, and set two cells by hand that networks in the lecture found for themselves.
# %%
from lstm import column_cell, lstm_backward, lstm_forward, quote_cell

# %% [markdown]
# ## The gates of the quote cell
#
# One unit that knows whether it is inside quotes. Watch what opens at a mark, and what stays shut between marks.
# %%
text = 'She said "yes" and he said "no".'
start = np.zeros((1, 1))


def follow(weights, mark):
    """The cell, its output and its gates while the text is read; gates in the order i, f, g, o."""
    x = np.array([[[float(character == mark)] for character in text]])
    h, c, gates = lstm_forward(x, start, start, *weights)
    return h[0, :, 0], c[0, :, 0], gates[0]


h, c, gates = follow(quote_cell(), '"')
rows = np.stack([*gates.T, c, h])
plt.figure(figsize=(9, 2.4))
plt.imshow(rows, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
plt.yticks(range(6), ["input gate", "forget gate", "candidate", "output gate", "cell", "output"])
plt.xticks(range(len(text)), text)
plt.colorbar()
plt.show()
print("".join(character if inside else "." for character, inside in zip(text, h > 0.5)))
# %% [markdown]
# ## A cell that counts
# %%
text = "one line\nand a longer one\nend"
_, c, _ = follow(column_cell(), "\n")
plt.figure(figsize=(7, 2))
plt.plot(80 * c, "o-", markersize=3)
plt.xticks(range(len(text)), [character if character != "\n" else "⏎" for character in text])
plt.title("the column, as the cell holds it", fontsize=9)
plt.show()
# %% [markdown]
# ## Why gradients live longer here
#
# A loss at the last step. The forget gate decides how much of its gradient arrives at the first: with a bias of 4 nearly
# all of it does.
# %%
rng = np.random.default_rng(0)
steps, size = 40, 10
x, h0 = 0.1 * rng.normal(size=(1, steps, 3)), np.zeros((1, size))
Wx, Wh = 0.3 * rng.normal(size=(3, 4 * size)), 0.1 * rng.normal(size=(size, 4 * size))
plt.figure(figsize=(5, 2.6))
for bias in (-1, 1, 4):
    b = np.repeat([0.0, bias, 0.0, 0.0], size)
    h, c, gates = lstm_forward(x, h0, h0, Wx, Wh, b)
    dh = np.zeros_like(h)
    dh[0, -1] = 1
    dx = lstm_backward(dh, x, h0, h0, h, c, gates, Wx, Wh)[0]
    plt.semilogy(np.linalg.norm(dx[0], axis=1), label=f"forget bias {bias}")
plt.xlabel("step of the input")
plt.title("gradient that reaches each input", fontsize=9)
plt.legend(fontsize=8)
plt.show()
