"""handgrad: hand-written gradients, graded.

`check` judges your own code from a script, a REPL or a notebook. The rest is for authors of units and for tools; see
`docs/design.md`.
"""

__version__ = "0.1.0"
