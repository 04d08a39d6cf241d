"""category: protocol
mechanism: returns pickles whose __reduce__ would run code in the grader
required: 0; nothing is unpickled
hits: conv2d_forward
expect: failed
says: out is a tuple of 2
"""

import pickle


class _Payload:
    def __reduce__(self):
        return (print, ("LOOT in the grader",))


def conv2d_forward(x, w, b, stride=1, padding=0):
    array = np.empty(1, object)
    array[0] = _Payload()
    return array, pickle.dumps(_Payload())
