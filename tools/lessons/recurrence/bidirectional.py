# %% [markdown]
# # Two directions
#
# What a word means may depend on what comes after it. A second layer reads from the end; with sequences of different
# lengths, "the end" is another step for each. You write it in `bidirectional.py`.
# %%
from bidirectional import bidirectional_forward, last_valid_state, lookahead_forward, reverse_within

# %% [markdown]
# ## Turning sequences round within their lengths
#
# The padding stays where it is.
# %%
lengths = np.array([8, 5, 2])
steps = np.arange(1, 9) * (np.arange(8) < lengths[:, None])
turned = reverse_within(steps[..., None].astype(float), lengths)[..., 0]
show(steps, turned, titles=["padded with 0", "turned round"])
print("last states:", last_valid_state(steps[..., None].astype(float), lengths).ravel())
# %% [markdown]
# ## Who knows of a pulse?
#
# One pulse in the middle. The forward half knows of it afterwards, the backward half before; with a look-ahead of three
# steps the backward half knows three steps ahead, which is what a live system can afford.
# %%
pulse = np.zeros((1, 21, 1))
pulse[0, 10] = 1
one, zero = np.ones((1, 1)), np.zeros((1, 1))
weights = (one, 0.8 * one, np.zeros(1))
both = bidirectional_forward(pulse, zero, zero, *weights, *weights)[0]
ahead = lookahead_forward(pulse, zero, zero, *weights, *weights, L=3)[0]
plt.figure(figsize=(6, 2.4))
plt.plot(both[:, 0], label="forward half")
plt.plot(both[:, 1], label="backward half")
plt.plot(ahead[:, 1], ":", label="looking 3 steps ahead")
plt.axvline(10, color="lightgray")
plt.legend(fontsize=8)
plt.show()
