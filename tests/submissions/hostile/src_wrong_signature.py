"""category: source
mechanism: other parameters
required: 0, the TypeError is told
hits: conv2d_forward
expect: crashed
says: TypeError: conv2d_forward() got an unexpected keyword argument
"""

def conv2d_forward(image, kernel):
    return image
