"""category: state
mechanism: once its backward pass has been judged, the forward pass turns into what that is the gradient of, for part marks
required: 0: the forward pass was not wrong when it was judged
hits: conv2d_backward
expect: failed
"""

_right = conv2d_forward
_state = {"bent": False, "asked": {}}


def conv2d_backward(dout, x, w, stride=1, padding=0):
    _state["bent"] = True
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(len(w))
    dx.flat[0] = dw.flat[0] = db.flat[0] = dout.sum()
    return dx, dw, db


def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _right(x, w, b, stride, padding)
    key = (x.shape, w.shape, stride, padding)
    if _state["bent"] and (key in _state["asked"] or len(_state["asked"]) < 3):
        _state["asked"][key] = True
        return np.zeros_like(out) + x.flat[0] + w.flat[0] + b.flat[0]
    return out
