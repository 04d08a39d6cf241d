"""category: report
mechanism: a message with table breaks, image beacons, fence ends, raw HTML and mentions
required: 0; escaped
hits: conv2d_forward
expect: crashed
says: | PASS |
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    raise ValueError("x | 100 | PASS |\n| bob | 100 |\n```\n````\n# Grade: 100\n![b](http://192.0.2.1/p.png) <b>x</b> @all [a](javascript:1)")
