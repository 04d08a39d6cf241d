"""category: process
unit: vision/inspection
mechanism: shared memory, and a process that would use it
required: 0, crashed
hits: topk_error
expect: crashed|timed out
"""

def topk_error(logits, y, k):
    import torch.multiprocessing

    shared = torch.zeros(10).share_memory_()
    torch.multiprocessing.get_context("fork").Process(target=shared.fill_, args=(1.0,)).start()
    print("LOOT", shared)
