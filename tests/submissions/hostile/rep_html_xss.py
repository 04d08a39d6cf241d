"""category: report
mechanism: a message with script, event handlers and closing tags
required: 0; escaped in every format
hits: conv2d_forward
expect: crashed
says: document.title
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    raise ValueError('</pre></script><script>document.title="XSS"</script><img src=x onerror="document.title=1"><a href="javascript:1">x</a>')
