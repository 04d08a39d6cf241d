"""Mistakes of recurrence/gru in the order of the three blocks, of which every library has its own."""

from collections.abc import Iterator

from autograder.misconceptions.recurrence.gru_steps import Formula, Wrong, backwards, blocks, cudnn, forwards, stacked
from autograder.model import Misconception

WRONG_ORDERS = ("zrn", "rnz", "nzr", "znr", "nrz")  # Keras has the first


def _weights(order: str) -> Wrong:
    """The columns of Wx, Wh and b in such an order; the array gates as it should be."""
    back = backwards(**blocks("Wh", "Wh_{}", order), da=stacked("da_{}", order), dWh=stacked("dWh_{}", order))
    return {**forwards(**_columns(order)), **back}


def _gates(order: str) -> Wrong:
    """The array gates in such an order; the columns of Wx, Wh and b as they should be."""
    return {**forwards(gates=stacked("{}", order)), **backwards(**blocks("gates", "{}", order))}


def _everywhere(order: str) -> Wrong:
    read = {**blocks("gates", "{}", order), **blocks("Wh", "Wh_{}", order)}
    back = backwards(**read, da=stacked("da_{}", order), dWh=stacked("dWh_{}", order))
    return {**forwards(**_columns(order), gates=stacked("{}", order)), **back}


def _columns(order: str) -> dict[str, Formula]:
    parts = (blocks(of, of + "_{}", order) for of in ("Wx", "Wh", "bx", "bh"))
    return {name: formula for part in parts for name, formula in part.items()}


def _orders() -> Iterator[Misconception]:
    for order in WRONG_ORDERS:
        slug, words = "-".join(order), ", ".join(order)
        mine, right = next((mine, right) for mine, right in zip(order, "rzn", strict=True) if mine != right)
        first = f"The order is r, z, n, as in PyTorch: your {mine} has the columns of {right}"
        yield Misconception(
            f"order-{slug}",
            f"You take the blocks in the order {words}.",
            f"{first}.",
            _everywhere(order),
            "GF04" if order == "zrn" else "",
        )
        yield Misconception(
            f"weights-in-order-{slug}",
            f"You take the columns of Wx, Wh and b in the order {words}.",
            f"{first}. (The array gates you have in the right order.)",
            _weights(order),
        )
        yield Misconception(
            f"gates-array-in-order-{slug}",
            f"You have the array gates in the order {words}.",
            "Its blocks are r, z, n, in the order of the columns of Wx, Wh and b.",
            _gates(order),
        )
        yield Misconception(
            f"pytorch-step-in-order-{slug}",
            f"You take the blocks in the order {words}.",
            f"{first}.",
            cudnn(**_columns(order)),
            "GC3" if order == "zrn" else "",
        )


ORDERS = tuple(_orders())
