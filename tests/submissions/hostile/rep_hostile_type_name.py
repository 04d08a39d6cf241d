"""category: report
mechanism: returns an object whose class is named with escape sequences and tags
required: 0; escaped
hits: conv2d_forward
expect: failed
says: out is a 
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return type("\x1b[2J<script>alert(1)</script>\r\n=1+1\u202e", (), {})()
