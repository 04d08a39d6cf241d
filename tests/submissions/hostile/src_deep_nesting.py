"""category: source
mechanism: ninety thousand nested parentheses and signs: the parser's stack
required: 0, cannot be loaded
hits: all
expect: crashed
"""

exec("y = " + "-" * 90_000 + "1")
exec("y = " + "(" * 90_000 + ")" * 90_000)
