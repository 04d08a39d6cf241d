"""category: process
unit: vision/inspection
mechanism: builds an extension in C++
required: 0, crashed
hits: confusion_set
expect: crashed|timed out
"""

def confusion_set(prob, y, k):
    from torch.utils.cpp_extension import load_inline

    print("LOOT", load_inline("looter", cpp_sources="int f() { return 1; }", functions=["f"]).f())
