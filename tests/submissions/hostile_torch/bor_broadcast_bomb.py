"""category: borrowing
unit: recurrence/bidirectional
mechanism: a bias of 50,000 entries that would be broadcast over 10,000 steps
required: 0; the grader refuses before it computes
hits: bidirectional_forward
expect: crashed
says: b should be of shape (H,)
"""

def bidirectional_forward(*arguments, **options):
    one = np.zeros((1, 1))
    return rnn_forward(np.zeros((1, 9_000, 1), np.int8), one, one, one, np.zeros((50_000, 1, 1), np.int8))
