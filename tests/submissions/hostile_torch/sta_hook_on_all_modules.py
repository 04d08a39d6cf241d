"""category: state
unit: vision/transfer
mechanism: a hook on every module there is, which outlives the call and gives zeros
required: 0 for it; others are judged in a fresh process
hits: extract_features
expect: failed|crashed
"""

import os

from torch.optim.optimizer import register_optimizer_step_post_hook


def extract_features(body, x, batch_size=256):
    torch.nn.modules.module.register_module_forward_hook(lambda module, given, found: found * 0)
    register_optimizer_step_post_hook(lambda *arguments: os._exit(3))
    return body(x)
