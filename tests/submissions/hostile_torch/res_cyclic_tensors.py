"""category: resource
unit: vision/inspection
mechanism: a list of tensors that holds itself
required: 0, crashed
hits: topk_error
expect: failed|crashed
"""

def topk_error(logits, y, k):
    found = [logits]
    found.append(found)
    return found
