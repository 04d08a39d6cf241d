"""Filters made by hand: what a kernel can do to an image before anything is learned.

Hubel and Wiesel found cells in the visual cortex that fire for an edge of one orientation at one place. Gabor kernels
model them: a wave under a bell. Features made of a few hundred random ones beat the raw pixels on handwritten
digits, while as many training images used as templates are worse than the pixels.

Rules for all functions here:
- Filters slide as they are: this is cross-correlation, as everywhere from here on.
- Results are floats, in the precision of what is passed: float64 in, float64 out; kernels are float64.
- Do not change the arrays you are given. A result must not depend on earlier calls.
"""

import numpy as np


### BEGIN SOLUTION
def _as_float(a: np.ndarray) -> np.ndarray:
    return a.astype(np.result_type(a, np.float32), copy=False)


### END SOLUTION
def handcrafted_filter(name: str) -> np.ndarray:
    """A kernel of the lecture, by its name.

    Each of them computes a new value for a pixel from the 3 x 3 pixels around it:

    - identity: the pixel itself;
    - edge1: the corners; top left plus bottom right, minus top right, minus bottom left;
    - edge2: the four direct neighbours, minus four times the pixel;
    - edge3: eight times the pixel, minus its eight neighbours;
    - sharpen: the pixel, minus edge2;
    - box_blur: the mean of all nine;
    - gaussian_blur: a weighted mean, with weights 1 2 1 along both axes (multiply them), which sum to 1 in the end.

    Args:
        name: one of these names.

    Returns:
        The kernel, of shape (3, 3).

    >>> handcrafted_filter("edge1")
    array([[ 1.,  0., -1.],
           [ 0.,  0.,  0.],
           [-1.,  0.,  1.]])
    """
    ### BEGIN SOLUTION
    identity = np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]])
    cross = np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
    kernels = {
        "identity": identity,
        "edge1": np.array([[1.0, 0, -1], [0, 0, 0], [-1, 0, 1]]),
        "edge2": cross,
        "edge3": 9 * identity - 1,
        "sharpen": identity - cross,
        "box_blur": np.full((3, 3), 1 / 9),
        "gaussian_blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
    }
    return kernels[name]
    ### END SOLUTION


def apply_filter(image: np.ndarray, kernel: np.ndarray, padding: str = "same") -> np.ndarray:
    """Slide a kernel over a grey image.

    Args:
        image: of shape (H, W).
        kernel: of shape (KH, KW), not larger than the image; for "same", KH and KW are odd.
        padding: "same" puts zeros around the image, so that the result is as large and the kernel's centre visits
            every pixel; "valid" keeps the kernel inside the image.

    Returns:
        The filtered image, of shape (H, W), or (H - KH + 1, W - KW + 1).

    >>> apply_filter(np.array([[1.0, 2.0, 4.0]]), np.array([[-1.0, 0.0, 1.0]]))
    array([[ 2.,  3., -2.]])
    >>> apply_filter(np.array([[1.0, 2.0, 4.0]]), np.array([[-1.0, 0.0, 1.0]]), padding="valid")
    array([[3.]])
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    image = _as_float(image)
    if padding == "same":
        image = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(image, (kh, kw))
    filtered: np.ndarray = np.einsum("ijkl,kl->ij", windows, kernel)
    return filtered
    ### END SOLUTION


def gabor_kernel(size: int, theta: float, lam: float, sigma: float, gamma: float = 1.0, psi: float = 0.0) -> np.ndarray:
    """A Gabor kernel: a wave, faded out by a bell.

    With x to the right and y downwards, both 0 in the middle of the kernel (between pixels, if size is even):

        x' = x cos(theta) + y sin(theta),   y' = -x sin(theta) + y cos(theta)
        g = exp(-(x'^2 + gamma^2 y'^2) / (2 sigma^2)) * cos(2 pi x' / lam + psi)

    Nothing is normalised.

    Args:
        size: height and width.
        theta: direction in which the wave runs, in radians.
        lam: wavelength, in pixels.
        sigma: width of the bell, in pixels.
        gamma: how much narrower the bell is across the wave than along it.
        psi: phase of the wave in the middle.

    Returns:
        The kernel, of shape (size, size).

    Half a wavelength to the left and to the right of the middle, the wave is negative:

    >>> gabor_kernel(3, theta=0.0, lam=2.0, sigma=1.0).round(2)
    array([[-0.37,  0.61, -0.37],
           [-0.61,  1.  , -0.61],
           [-0.37,  0.61, -0.37]])
    """
    ### BEGIN SOLUTION
    axis = np.arange(size) - (size - 1) / 2
    x, y = axis[None, :], axis[:, None]
    along = x * np.cos(theta) + y * np.sin(theta)
    across = -x * np.sin(theta) + y * np.cos(theta)
    bell = np.exp(-(along**2 + (gamma * across) ** 2) / (2 * sigma**2))
    return bell * np.cos(2 * np.pi * along / lam + psi)
    ### END SOLUTION


def random_gabor_bank(rng: np.random.Generator, n: int, size: int) -> np.ndarray:
    """Many different Gabor kernels, each looking at its own place.

    For each of them draw, uniformly, theta from 0 to pi, lam from size / 4 to 3 * size / 4, sigma from size / 10 to
    size / 5, and psi from 0 to 2 pi; gamma is 1. Then make a kernel of 2 * size - 1 pixels and cut out a window of
    size x size pixels at random: so its middle may come to lie anywhere in the window, up to the border.

    Args:
        rng: draw everything from this generator; the same generator state gives the same bank.
        n: how many kernels.
        size: their height and width.

    Returns:
        The kernels, of shape (n, size, size).

    >>> random_gabor_bank(np.random.default_rng(0), 5, 8).shape
    (5, 8, 8)
    """
    ### BEGIN SOLUTION
    bank = np.empty((n, size, size))
    for i in range(n):
        theta, psi = rng.uniform(0, np.pi), rng.uniform(0, 2 * np.pi)
        lam, sigma = rng.uniform(size / 4, 3 * size / 4), rng.uniform(size / 10, size / 5)
        row, column = rng.integers(0, size, 2)
        bank[i] = gabor_kernel(2 * size - 1, theta, lam, sigma, psi=psi)[row : row + size, column : column + size]
    return bank
    ### END SOLUTION


def template_features(x: np.ndarray, templates: np.ndarray) -> np.ndarray:
    """How much each image looks like each template: relu(<image, template>), where relu(z) is z or 0, if z < 0.

    Args:
        x: images, each as a row, of shape (N, D).
        templates: each as a row, of shape (P, D).

    Returns:
        The features, of shape (N, P).

    >>> template_features(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [1.0, -1.0]]))
    array([[11.,  0.]])
    """
    ### BEGIN SOLUTION
    return np.maximum(x @ templates.T, 0)
    ### END SOLUTION


def conv1x1(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A convolution whose filters are one pixel large: a dense layer that mixes the channels, the same at every pixel.

    out[n, f, i, j] = b[f] + sum over c of x[n, c, i, j] * w[f, c].

    Args:
        x: images, of shape (N, C, H, W).
        w: weights, of shape (F, C).
        b: one bias for each output channel, of shape (F,).

    Returns:
        The mixed images, of shape (N, F, H, W).

    Two channels become one:

    >>> conv1x1(np.array([[[[1.0, 2.0]], [[3.0, 4.0]]]]), np.array([[10.0, 1.0]]), np.array([0.5]))
    array([[[[13.5, 24.5]]]])
    """
    ### BEGIN SOLUTION
    return np.einsum("nchw,fc->nfhw", _as_float(x), w) + b[:, None, None]
    ### END SOLUTION


def merge_conv(w1: np.ndarray, w2: np.ndarray) -> np.ndarray:
    """One convolution that does what two in a row do, as long as nothing non-linear stands between them.

    The first makes M maps of C channels, the second F maps of those M; neither has padding or a bias.

    Args:
        w1: the first filters, of shape (M, C, KH1, KW1).
        w2: the second ones, of shape (F, M, KH2, KW2).

    Returns:
        Filters of shape (F, C, KH1 + KH2 - 1, KW1 + KW2 - 1), such that sliding them over an image gives what sliding
        w1 over it, and w2 over the result, gives.

    Two kernels of two pixels make one of three:

    >>> merge_conv(np.array([[[[1.0, 1.0]]]]), np.array([[[[1.0, 10.0]]]]))
    array([[[[ 1., 11., 10.]]]])
    """
    ### BEGIN SOLUTION
    (_, c, kh1, kw1), (f, _, kh2, kw2) = w1.shape, w2.shape
    merged = np.zeros((f, c, kh1 + kh2 - 1, kw1 + kw2 - 1), np.result_type(w1, w2, np.float32))
    for i in range(kh2):
        for j in range(kw2):
            merged[:, :, i : i + kh1, j : j + kw1] += np.einsum("fm,mckl->fckl", w2[:, :, i, j], w1)
    return merged
    ### END SOLUTION


def shift_kernel() -> np.ndarray:
    """Puzzle (bonus): a kernel that moves an image one pixel to the right.

    Returns:
        A kernel of shape (3, 3), to be used with apply_filter and padding "same"; zeros come in from the left.

    >>> apply_filter(np.array([[1.0, 2.0, 3.0]]), shift_kernel())
    array([[0., 1., 2.]])
    """
    ### BEGIN SOLUTION
    return np.array([[0.0, 0, 0], [1, 0, 0], [0, 0, 0]])
    ### END SOLUTION


def second_difference_kernel() -> np.ndarray:
    """Puzzle (bonus): a kernel for the second difference along a row, the difference of neighbouring differences.

    It is 0 on a slope, and positive at the bottom of a valley.

    Returns:
        A kernel of shape (1, 3).

    >>> apply_filter(np.array([[4.0, 1.0, 0.0, 1.0, 4.0]]), second_difference_kernel(), padding="valid")
    array([[2., 2., 2.]])
    """
    ### BEGIN SOLUTION
    return np.array([[1.0, -2, 1]])
    ### END SOLUTION


def find_x() -> tuple[np.ndarray, float]:
    """Puzzle (bonus): find the X of the lecture, and nothing else.

    The lecture's filter (1 on both diagonals, 0 elsewhere) gives its largest value for an X, but for a full patch of
    ones as well. In an image of zeros and ones, relu(kernel * patch + bias) is to be above 0 where the 3 x 3 patch
    is exactly an X, and 0 for each of the 511 other patches.

    Returns:
        A kernel of shape (3, 3), and a bias, a float.

    >>> kernel, bias = find_x()
    >>> bool((kernel * np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])).sum() + bias > 0)
    True
    >>> bool((kernel * np.ones((3, 3))).sum() + bias > 0)
    False
    """
    ### BEGIN SOLUTION
    kernel = np.array([[1.0, -1, 1], [-1, 1, -1], [1, -1, 1]])
    return kernel, -4.0
    ### END SOLUTION


def grey_kernel() -> np.ndarray:
    """Puzzle (bonus): weights for conv1x1 that turn a colour image into a grey one.

    The eye sees green best: grey is 0.299 red + 0.587 green + 0.114 blue, and the channels come in this order.

    Returns:
        Weights of the shape that conv1x1 takes, for 3 channels in and one out.

    >>> conv1x1(np.array([0.0, 1.0, 0.0]).reshape(1, 3, 1, 1), grey_kernel(), np.zeros(1))
    array([[[[0.587]]]])
    """
    ### BEGIN SOLUTION
    return np.array([[0.299, 0.587, 0.114]])
    ### END SOLUTION
