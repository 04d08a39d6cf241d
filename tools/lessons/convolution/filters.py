# %% [markdown]
# # Hand-made filters
#
# Long before filters were learnt they were drawn by hand. You write them in `filters.py`: edges, blurs, and Gabor's
# stripes, which look much like what the first layer of a trained network ends up with.
# %%
from filters import apply_filter, gabor_kernel, handcrafted_filter, merge_conv, random_gabor_bank, template_features

# %% [markdown]
# ## What each one does to a digit
# %%
digit = np.kron(digits[5], np.ones((3, 3)))
names = ["edge1", "edge2", "edge3", "sharpen", "box_blur", "gaussian_blur"]
show(*(handcrafted_filter(name) for name in names), titles=names)
show(*(apply_filter(digit, handcrafted_filter(name)) for name in names), titles=names)
# %% [markdown]
# Two blurs, one after the other, are one larger blur: a stack of linear filters is a single filter.
# %%
blur = handcrafted_filter("gaussian_blur")[None, None]
once = merge_conv(blur, blur)[0, 0]
show(digit, apply_filter(digit, once), titles=["digit", f"one {once.shape[0]} by {once.shape[1]}"])
# %% [markdown]
# ## Gabor's stripes
#
# A wave under a bell: the angle says which edges it answers to, the wavelength how fine they are.
# %%
show(*(gabor_kernel(15, angle, 7, 3) for angle in np.linspace(0, np.pi, 6, endpoint=False)),
     titles=[f"{angle:.0f} degrees" for angle in np.linspace(0, 180, 6, endpoint=False)])
bank = random_gabor_bank(np.random.default_rng(0), 200, 8)
show(*bank[:8])
# %% [markdown]
# ## Random stripes are good features
#
# A linear classifier on the answers of 200 random Gabor filters, none of them learnt, beside one on the pixels.
# %%
from sklearn.datasets import load_digits as load
from sklearn.linear_model import RidgeClassifier

labels = load().target
pixels = digits.reshape(len(digits), -1)
for name, features in [("pixels", pixels), ("Gabor", template_features(pixels, bank.reshape(200, -1)))]:
    model = RidgeClassifier().fit(features[:1200], labels[:1200])
    print(f"{name:7} {1 - model.score(features[1200:], labels[1200:]):.1%} errors")
