# %% [markdown]
# # Segmentation
#
# A class for every pixel, by a network that has nothing but convolutions. You write it in `segmentation.py`; here it
# learns to find round nuclei in noise.
# %%
import torch
from segmentation import FCN, fcn_fuse
from torch.nn import functional as F

# %% [markdown]
# ## Pictures of nuclei
# %%
rng = np.random.default_rng(0)


def picture():
    """Three to six blobs in noise, and where they are."""
    rows, columns = np.indices((32, 32))
    inside = np.zeros((32, 32), bool)
    for _ in range(rng.integers(3, 7)):
        y, x, r = rng.uniform(4, 28), rng.uniform(4, 28), rng.uniform(2, 4)
        inside |= (rows - y) ** 2 + (columns - x) ** 2 < r**2
    return inside * 0.6 + 0.3 * rng.normal(size=(32, 32)), inside


pictures, masks = (np.stack(each) for each in zip(*(picture() for _ in range(120))))
show(*pictures[:3], *masks[:3].astype(float), titles=["picture", "", "", "nuclei", "", ""])
# %% [markdown]
# ## Coarse scores, fine scores
#
# The coarse map is enlarged by interpolation, the fine one added to it.
# %%
tent = torch.tensor([0.25, 0.75, 0.75, 0.25])
kernel = torch.outer(tent, tent)[None, None]
coarse, fine = torch.rand(1, 1, 4, 4), 0.3 * torch.rand(1, 1, 8, 8)
fused = fcn_fuse(coarse, fine, kernel)
show(coarse[0, 0].numpy(), fine[0, 0].numpy(), fused[0, 0].numpy(), titles=["coarse", "fine", "fused"])
# %% [markdown]
# ## Training
# %%
torch.manual_seed(0)
net = FCN(1, 2, 8)
x, y = torch.from_numpy(pictures[:, None]).float(), torch.from_numpy(masks).long()
optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
for step in range(80):
    batch = torch.from_numpy(rng.integers(0, 100, 20))
    optimiser.zero_grad()
    F.cross_entropy(net(x[batch]), y[batch]).backward()
    optimiser.step()
with torch.no_grad():
    found = net(x[100:]).argmax(1).numpy().astype(bool)
iou = (found & masks[100:]).sum() / (found | masks[100:]).sum()
show(*pictures[100:103], *found[:3].astype(float), titles=["never seen", "", "", f"found, IoU {iou:.2f}", "", ""])
