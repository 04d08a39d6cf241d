"""category: borrowing
unit: recurrence/bidirectional
mechanism: puts a function of its own in the place of what is lent, for whoever imports it
required: 0
hits: bidirectional_forward lookahead_forward
expect: failed|crashed
"""

import autograder.given

autograder.given.rnn_forward = rnn_forward = lambda *arguments: bidirectional_forward(*arguments)
