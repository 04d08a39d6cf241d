# %% [markdown]
# # Augmentation and normalisation
#
# A digit that is moved, turned or darker is still the same digit. Changing the training images a little, in ways that do
# not matter, is the cheapest way to more data. You write the changes in `augmentation.py`.
# %%
from augmentation import affine, channel_shift, channel_stats, flip_lr, normalise, random_params, shift

# %% [markdown]
# ## One change at a time
# %%
digit = np.kron(digits[3], np.ones((3, 3)))[None, None]
angle = np.deg2rad(25)
turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0]])
turn[:, 2] = 11.5 - turn[:, :2] @ [11.5, 11.5]
darker = channel_shift(digit, np.array([0.3]), 0, 1)
changed = [flip_lr(digit), shift(digit, 4, -5, 0.0), affine(digit, turn, 0.0), darker]
show(digit[0, 0], *(image[0, 0] for image in changed),
     titles=["a digit", "mirrored", "moved", "turned", "darker"])
# %% [markdown]
# A mirrored 3 is no 3: which changes are harmless depends on what is to be told apart.
#
# ## Random ones
#
# The same seed draws the same changes.
# %%
config = {"n": 7, "height": 24, "width": 24, "channels": 1, "horizontal_flip": False, "height_shift": 0.1,
          "width_shift": 0.1, "channel_shift": 0.2, "rotation": 20.0, "zoom": 0.2}
drawn = random_params(np.random.default_rng(0), config)
copies = []
for n in range(7):
    copy = shift(affine(digit, drawn["matrix"][n], 0.0), int(drawn["dy"][n]), int(drawn["dx"][n]), 0.0)
    copies.append(channel_shift(copy, drawn["offsets"][n], 0, 1)[0, 0])
show(*copies)
# %% [markdown]
# ## Normalising
#
# With the mean and the deviation of the training images, never of those that are tested.
# %%
train_images, test_images = digits[:1200, None], digits[1200:, None]
mean, std = channel_stats(train_images)
for name, images in [("training", train_images), ("test", test_images)]:
    after = normalise(images, mean, std)
    print(f"{name:9} mean {after.mean():+.3f}, deviation {after.std():.3f}")
