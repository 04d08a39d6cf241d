# %% [markdown]
# # Detection
#
# What is in an image, and where? You write in `detection.py` how well two boxes agree, which of many to keep, how to read
# them off a grid, and what such a network is trained on.
# %%
import torch
from detection import box_iou, localisation_loss, nms, yolo_decode


def draw(image, boxes, scores, title):
    """An image with boxes on it; the surer, the thicker."""
    plt.figure(figsize=(2.4, 2.4))
    plt.imshow(image, cmap="gray_r")
    for (x1, y1, x2, y2), score in zip(boxes.tolist(), scores.tolist()):
        plt.plot([x1, x2, x2, x1, x1], [y1, y1, y2, y2, y1], color="tab:red", linewidth=3 * score)
    plt.title(title, fontsize=9)
    plt.axis("off")
    plt.show()


# %% [markdown]
# ## Too many boxes
#
# Two digits on one canvas, and what a detector might say: each is found again and again. Only the surest box of each
# bunch is to be kept.
# %%
canvas = np.zeros((32, 32))
canvas[4:12, 3:11], canvas[18:26, 19:27] = digits[2], digits[8]
generator = torch.Generator().manual_seed(0)
true = torch.tensor([[2.0, 3.0, 11.0, 12.0], [18.0, 17.0, 27.0, 26.0]])
boxes = (true[:, None] + 1.2 * torch.randn(2, 6, 4, generator=generator)).reshape(12, 4)
scores = box_iou(boxes, true).amax(1)
kept = nms(boxes, scores, 0.3)
draw(canvas, boxes, scores, f"{len(boxes)} boxes")
draw(canvas, boxes[kept], scores[kept], f"{len(kept)} are kept")
# %% [markdown]
# ## Intersection over union
#
# How fast it falls when a box slides away from the true one.
# %%
slide = torch.arange(0, 12, 0.5)
sliding = torch.stack([slide, 0 * slide, slide + 10, 0 * slide + 10], dim=1)
plt.figure(figsize=(4, 2.2))
plt.plot(slide, box_iou(sliding, torch.tensor([[0.0, 0.0, 10.0, 10.0]]))[:, 0])
plt.xlabel("pixels to the right, of 10")
plt.title("IoU", fontsize=9)
plt.show()
# %% [markdown]
# ## A grid of cells
#
# Each cell says where its box has its middle, how large it is and what is in it.
# %%
pred = torch.zeros(1, 4, 4, 7)
pred[0, 0, 0] = torch.tensor([0.8, 0.9, 0.28, 0.28, 0.9, 1.0, 0.0])
pred[0, 2, 2] = torch.tensor([0.8, 0.7, 0.28, 0.28, 0.8, 0.0, 1.0])
found, classes = yolo_decode(pred, 4, 1, 2)
sure = classes[0].amax(1) > 0.5
draw(canvas, 32 * found[0, sure], classes[0, sure].amax(1), "read off the grid")
# %% [markdown]
# ## The loss of two heads
#
# The box counts only where there is an object.
# %%
logits, labels = torch.zeros(2, 3), torch.tensor([1, 0])
for name, off in [("right box", 0.0), ("off by 2", 2.0)]:
    print(f"{name:10}", round(localisation_loss(logits, true + off, labels, true).item(), 3))
