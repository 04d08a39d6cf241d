"""What the tests of all units know of single ones: mistakes that cannot be named, and what lower precision costs."""

# Their functions raise wherever they are wrong. An exception alone is too little for a name: the condition stands.
RAISES_ONLY = {
    "crop-up-to-minus-padding-into-array", "dw-from-unpadded-slices", "pooling-with-stride", "network-not-padded",
}  # fmt: skip
# Nothing but hidden checks sees them, and those tell no more than the kind of failure.
HIDDEN_ONLY = {
    "size-rounded", "size-rounded-up", "ceil-mode-always", "ceil-mode-ignored", "ceil-mode-beyond-the-end",
    "silence-divided", "every-tie-gets-all", "unravelled-as-if-whole",
    "sigmoid-overflows", "slope-overflows", "drops-in-evaluation", "scaled-in-evaluation",
    "low-and-high-ignored", "divided-by-zero", "constant-channel-zeroed", "momentum-always-0.9",
    "address-overflows", "read-overflows", "first-mask-for-all",
}  # fmt: skip
# Judged by statistics of what they draw, which no answer can be compared with: the message says what is wrong.
STATISTICS_ONLY = {
    "one-draw-for-all-images", "dy-as-share-of-width", "flip-always-allowed", "moves-down-only", "degrees-as-radians",
    "turned-about-the-corner", "kept-entries-not-scaled", "p-taken-for-the-keep-rate", "divided-by-p",
    "mask-already-divided", "one-mask-for-all-samples", "generator-ignored",
    "variance-one-over-fan-in", "variance-for-deviation", "fan-out-for-fan-in", "kernel-not-counted", "uniform-weights",
}  # fmt: skip

# What float32 on the way may cost. Max pooling only copies numbers, so it has no such check.
PRECISION_ONLY = {
    "convolution/signals": {"correlate1d.precision"},
    "convolution/shapes": set(),
    "convolution/conv2d": {
        "conv2d_forward.precision", "conv2d_backward.dx.precision", "conv2d_backward.dw.precision",
    },
    "convolution/filters": {"gabor_kernel.precision"},
    "convolution/conv_transpose2d": {"conv_transpose2d_forward.precision"},
    "convnets/pooling": {"lp_pool2d_forward.precision"},
    "convnets/layers": {"batchnorm2d_forward.out.precision"},
    "convnets/lenet": {"convnet_loss.loss.precision", "convnet_loss.grads.w1.precision"},
    "recurrence/rnn": {
        "rnn_step_forward.precision", "rnn_forward.precision", "rnn_backward.dWh.precision",
    },
    "recurrence/attention": {"content_address.precision", "attention_read.out.precision"},
}  # fmt: skip
