# %% [markdown]
# # Soft addressing and attention
#
# A memory that is read and written everywhere at once, each place by its weight: so that every step has a gradient. You
# write it in `attention.py`.
# %%
from attention import attention_read, content_address, soft_read, soft_write

# %% [markdown]
# ## Looking something up
#
# Ten digits lie in the memory. The key is one of them, spoilt by noise: the larger beta, the surer the answer.
# %%
rng = np.random.default_rng(0)
memory = digits[:10].reshape(10, 64)
key = np.clip(memory[6] + 0.4 * rng.normal(size=64), 0, 1)
reads = [soft_read(memory, content_address(memory, key, beta)) for beta in (0.0, 10.0, 40.0)]
show(key.reshape(8, 8), *(read.reshape(8, 8) for read in reads), titles=["the key", "beta 0", "beta 10", "beta 40"])
# %% [markdown]
# ## Writing
#
# Erase where the weights point, then add: here slot 2 becomes the key, and slot 3 by half.
# %%
w = np.array([0, 0, 1, 0.5, 0, 0, 0, 0, 0, 0])
written = soft_write(memory, w, np.ones(64), key)
show(*(slot.reshape(8, 8) for slot in written[:5]), titles=[f"slot {m}" for m in range(5)])
# %% [markdown]
# ## Attention: many queries at once
#
# Each row of the picture is one digit, asking which of the others look like it. What the mask hides gets no weight.
# %%
labels = load_digits().target
order = np.argsort(labels[:60], kind="stable")
some = digits[:60][order].reshape(1, 60, 64)
centred = 3 * (some - some.mean(axis=1, keepdims=True))
_, everywhere = attention_read(centred, centred, some)
others = ~np.eye(60, dtype=bool)[None]
_, weights = attention_read(centred, centred, some, mask=others)
show(everywhere[0], weights[0], titles=["digits 0 to 9", "never themselves"])
most = labels[:60][order][weights[0].argmax(axis=1)]
print(f"{np.mean(most == labels[:60][order]):.0%} attend most to a digit of their own kind")
