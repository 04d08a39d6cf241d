"""category: report
unit: vision/inspection
mechanism: names of layers that are markup, escape sequences and formulas
required: 0, and harmless on every page
hits: get_activations
expect: failed
"""

def get_activations(model, x, names):
    hostile = ("<script>alert(1)</script>", "\x1b[2Jcleared", "=HYPERLINK(1)", "\u202egnp", "\ud800", "n" * 100_000)
    return {name: torch.zeros(1) for name in hostile}
