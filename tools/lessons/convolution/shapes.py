# %% [markdown]
# # Shapes, parameters and costs
#
# Before a network is trained, a few lines of arithmetic say whether it fits into memory and where its time goes. You
# write that arithmetic in `shapes.py`.
# %%
from shapes import conv_output_shape, conv_output_size, count_activations, count_macs, count_params, receptive_field

# %% [markdown]
# ## How large is the feature map?
#
# With stride 1 each layer without padding costs a frame. A stride of s divides the size by s, and rounds down.
# %%
for stride, padding in [(1, 0), (1, 1), (2, 0), (2, 1)]:
    sizes = [conv_output_size(n, 3, stride=stride, padding=padding) for n in range(5, 15)]
    print(f"stride {stride}, padding {padding}:", sizes)
print(conv_output_shape((3, 32, 32), 10, 5, padding=2))
# %% [markdown]
# ## Where are the weights, and where is the work?
#
# VGG-16: nearly all of its weights sit in the first dense layer, nearly all of its multiplications in the convolutions.
# %%
spec, channels = [], 3
for width, repeats in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]:
    for _ in range(repeats):
        spec.append({"type": "conv", "in": channels, "out": width, "kernel": 3, "stride": 1, "padding": 1})
        channels = width
    spec.append({"type": "pool", "kernel": 2, "stride": 2})
spec += [{"type": "dense", "in": size, "out": out} for size, out in [(25088, 4096), (4096, 4096), (4096, 1000)]]
print(f"{count_params(spec):,} parameters, {count_activations(spec, (3, 224, 224)):,} activations, "
      f"{count_macs(spec, (3, 224, 224)):,} multiply-adds")
dense = [layer for layer in spec if layer["type"] == "dense"]
print(f"{count_params(dense) / count_params(spec):.0%} of the parameters are in the dense layers")
# %% [markdown]
# ## What one number sees
#
# Each convolution of 3 by 3 adds two pixels; after a stride, two *larger* pixels.
# %%
plain, strided = [(3, 1)] * 8, [(3, 1), (2, 2)] * 4
plt.figure(figsize=(5, 2.4))
plt.plot(range(1, 9), [receptive_field(plain[:n])[0] for n in range(1, 9)], "o-", label="3 by 3, stride 1")
plt.plot(range(1, 9), [receptive_field(strided[:n])[0] for n in range(1, 9)], "o-", label="with pooling in between")
plt.xlabel("layers")
plt.ylabel("pixels seen")
plt.legend(fontsize=8)
plt.show()
