# %% [markdown]
# # Signals in one dimension
#
# Everything that a convolutional layer does can be seen on a single line first. You write the functions in
# `signals.py`; here they clean a noisy signal, find a pattern in it, and become a matrix.
# %%
from signals import conv_matrix, convolve1d, correlate1d, matched_filter, moving_average

# %% [markdown]
# ## Taking the mean of neighbours
#
# The wider the window, the smoother the line, and the later and lower its peaks.
# %%
rng = np.random.default_rng(0)
t = np.arange(200)
clean = np.sin(t / 12) + (t > 120)
noisy = clean + 0.4 * rng.normal(size=200)
plt.figure(figsize=(7, 2.4))
plt.plot(noisy, color="lightgray")
for k in (5, 25):
    plt.plot(moving_average(noisy, k), label=f"mean of {k}")
plt.legend(fontsize=8)
plt.show()
# %% [markdown]
# ## Correlation or convolution?
#
# Convolution turns the filter round first. On a single pulse, convolution stamps the filter as it is, correlation its
# mirror image. What deep learning calls convolution is correlation.
# %%
pulse = np.zeros(9)
pulse[4] = 1
ramp = np.array([1.0, 2.0, 3.0])
print("correlated:", correlate1d(pulse, ramp, mode="same"))
print("convolved: ", convolve1d(pulse, ramp, mode="same"))
# %% [markdown]
# ## Finding a pattern
#
# Slide the template along and divide by the lengths of both: 1 is a perfect match, noise gives much less.
# %%
template = np.sin(np.arange(30) / 2) * np.hanning(30)
radio = 0.3 * rng.normal(size=200)
radio[137:167] += template
offset, score = matched_filter(radio, template)
plt.figure(figsize=(7, 2))
plt.plot(radio, color="lightgray")
plt.plot(offset + np.arange(30), template)
plt.title(f"found at {offset}, score {score:.2f}", fontsize=9)
plt.show()
# %% [markdown]
# ## A convolution is a matrix
#
# Few numbers, repeated along the diagonals: that is what sharing weights means.
# %%
show(conv_matrix(np.array([1.0, -2.0, 1.0]), 12), conv_matrix(np.array([1.0, -2.0, 1.0]), 12, stride=2, padding=1),
     titles=["stride 1", "stride 2, padding 1"])
