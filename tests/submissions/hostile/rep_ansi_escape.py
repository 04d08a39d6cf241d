r"""category: report
mechanism: a message that clears the screen, writes PASS over it, fills the clipboard and sets the title
required: 0; control characters are shown as \x1b
hits: conv2d_forward
expect: crashed
says: PASS 100%
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    raise ValueError("\x1b[2J\x1b[1;1H\x1b[32mPASS 100%\x1b[0m\r\x1b]52;c;eA==\x07\x1b]8;;http://x/\x1b\\link\x1b]0;t\x07\x9b31m")
