"""Points and numbers in words, the same wherever people read them."""


def points(value: float) -> str:
    return f"{round(value, 2):g}"


def plural(number: float, noun: str) -> str:
    return f"{points(number)} {noun}" + ("" if number == 1 else "s")


def score_words(score: float, possible: float, bonus: float = 0) -> str:
    """A score, and how much of it is bonus: which may stand where points were lost.

    >>> score_words(45, 45, bonus=2)
    '45 of 45 points, 2 of them bonus'
    """
    if not possible:
        return plural(score, "bonus point")
    return f"{points(score)} of {plural(possible, 'point')}{of_them(bonus)}"


def of_them(bonus: float) -> str:
    return f", {points(bonus)} of them bonus" if bonus else ""
