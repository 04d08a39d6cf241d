# %% [markdown]
# # A small network, trained
#
# Two convolutions, two dense layers, and a loop: the whole of it is yours, in `lenet.py`. The layers are given, so an
# earlier unit that is not finished yet holds up nothing.
# %%
from lenet import convnet_loss, he_init, sgd_momentum, train

labels = load_digits().target
images = digits[:, None]
# %% [markdown]
# ## First weights
#
# Each layer's numbers should be as large as those before it. With a variance that is too small or too large, the signal
# dies or explodes on its way through.
# %%
rng = np.random.default_rng(0)
x = rng.normal(size=(100, 64))
for name, scale in [("half", 0.5), ("as He", 1.0), ("double", 2.0)]:
    signal = x
    for _ in range(10):
        signal = np.maximum(signal @ (scale * he_init(rng, (64, 64))), 0)
    print(f"{name:7} after ten layers: {signal.std():.2g}")
# %% [markdown]
# ## Momentum
#
# A narrow valley: plain descent hops from side to side and creeps along it, momentum is soon at its end.
# %%
valley = np.array([1.0, 25.0])
plt.figure(figsize=(5, 2.4))
for mu in (0.0, 0.8):
    params, state, path = {"w": np.array([-4.0, 1.0])}, {}, []
    for _ in range(40):
        path.append(params["w"])
        params, state = sgd_momentum(params, {"w": valley * params["w"]}, state, 0.07, mu=mu)
    plt.plot(*np.array(path).T, "o-", markersize=3, label=f"mu {mu}")
plt.legend(fontsize=8)
plt.show()
# %% [markdown]
# ## Training
#
# About a thousand digits to learn from, the others to be tested on.
# %%
shapes = {"w1": (8, 1, 3, 3), "w2": (16, 8, 3, 3), "w3": (64, 32), "w4": (32, 10)}
start = {name: he_init(rng, shape) for name, shape in shapes.items()}
start |= {"b1": np.zeros(8), "b2": np.zeros(16), "b3": np.zeros(32), "b4": np.zeros(10)}
loss, _ = convnet_loss(start, images[:100], labels[:100])
print(f"loss before: {loss:.2f} (guessing: {np.log(10):.2f})")
trained = train(start, images[:1000], labels[:1000], epochs=5, batch_size=25, lr=0.03, rng=rng)
loss, _ = convnet_loss(trained, images[1000:], labels[1000:])
print(f"loss after, on digits that it never saw: {loss:.2f}")
# %% [markdown]
# ## What it learnt to look for
# %%
show(*trained["w1"][:, 0], titles=[f"filter {n}" for n in range(1, 9)])
