"""How does the gradient change on its way through a recurrent layer, and what has the spectral radius to do with it?

The norm of the gradient that the loss of the last step sends back, by the number of steps back and by the spectral
radius of the recurrent weights: medians over networks, relative to where it starts. With --picture it is drawn, too.
"""

import argparse
import statistics
from collections.abc import Sequence
from pathlib import Path

import torch
from common import one_core, table

from reference.recurrence.rnn import rnn_step_forward

RADII = (0.5, 0.8, 1.0, 1.2, 1.5)
SHOWN = (1, 2, 5, 10, 20)
UNITS, INPUTS = 32, 4


def norms(radius: float, steps: int, size: float, seed: int) -> list[float]:
    """Norms of the gradient after 0, 1, ... steps back, where the inputs are of such a size."""
    generator = torch.Generator().manual_seed(seed)
    Wx, Wh, x = (
        torch.randn(shape, generator=generator, dtype=torch.float64)
        for shape in ((INPUTS, UNITS), (UNITS, UNITS), (steps, 1, INPUTS))
    )
    Wh *= radius / torch.linalg.eigvals(Wh).abs().max()
    states = [torch.zeros(1, UNITS, dtype=torch.float64, requires_grad=True)]
    for x_t in size * x:
        states.append(rnn_step_forward(x_t, states[-1], Wx / INPUTS**0.5, Wh, torch.zeros_like(Wh[0])))
    upstream = torch.randn(states[-1].shape, generator=generator, dtype=torch.float64)
    found = torch.autograd.grad((states[-1] * upstream).sum(), states)
    return [float(torch.linalg.vector_norm(gradient) / torch.linalg.vector_norm(upstream)) for gradient in found[::-1]]


def medians(radius: float, steps: int, size: float, networks: int) -> list[float]:
    runs = [norms(radius, steps, size, seed) for seed in range(networks)]
    return [statistics.median(values) for values in zip(*runs, strict=True)]


def draw(path: Path, curves: dict[float, dict[float, Sequence[float]]]) -> None:
    """One panel for each size of the inputs, one line for each radius."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "gradient norm"  # the same file each time
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, len(curves), figsize=(9, 3.6), sharey=True, layout="constrained")
    for panel, (size, lines) in zip(panels, curves.items(), strict=True):
        for number, (radius, values) in enumerate(lines.items()):
            panel.semilogy(values, color=plt.colormaps["viridis"](number / len(lines)), label=f"{radius:g}")
        panel.set(
            title=f"inputs of size {size:g}", xlabel="steps back", xlim=(0, None), xticks=range(0, max(SHOWN) + 1, 5)
        )
        panel.grid(alpha=0.3)
    panels[0].set_ylabel("norm of the gradient")
    panels[0].legend(title="spectral radius", loc="lower left")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", type=int, default=51, help="networks drawn for each radius")
    parser.add_argument(
        "--sizes", type=float, nargs="+", default=[0.001, 1.0], help="standard deviations of the inputs"
    )
    parser.add_argument("--picture", type=Path, help="a file to draw into, such as docs/gradient-norm.svg")
    options = parser.parse_args()
    one_core()
    curves = {
        size: {radius: medians(radius, max(SHOWN), size, options.networks) for radius in RADII}
        for size in options.sizes
    }
    rows = [
        (f"{size:g}", f"{radius:g}", *(f"{values[step]:.2g}" for step in SHOWN))
        for size, lines in curves.items()
        for radius, values in lines.items()
    ]
    table(("inputs", "spectral radius", *(f"{step} back" for step in SHOWN)), rows)
    if options.picture:
        draw(options.picture, curves)


if __name__ == "__main__":
    main()
