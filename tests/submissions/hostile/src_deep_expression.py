"""category: source
mechanism: a sum of two hundred thousand terms: the compiler's stack
required: 0 or full marks, but no crash of the grader
hits: all
expect: crashed|passed
"""

exec("y = " + "+".join(["1"] * 200_000))
exec("z = " + "[" * 90 + "]" * 90)
