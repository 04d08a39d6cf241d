"""category: report
mechanism: text that would be a template: Jinja, str.format, %, LaTeX, shell, Rich markup
required: 0; what a student says is data
hits: conv2d_forward
expect: crashed
says: {{7*7}} {0.__class__.__mro__}
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    raise ValueError("{{7*7}} {0.__class__.__mro__} {x!r:>999999999} %(a)s%n ${x} $(id) `id` \\input{/etc/passwd} <%= 1 %> [red]x[/red] [/]")
