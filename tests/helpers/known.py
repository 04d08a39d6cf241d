"""What the tests of all units know of single ones: mistakes that cannot be named, and what lower precision costs."""

# Their functions raise wherever they are wrong. An exception alone is too little for a name: the condition stands.
RAISES_ONLY = {
    "crop-up-to-minus-padding-into-array", "dw-from-unpadded-slices", "pooling-with-stride", "network-not-padded",
    "unknown-raises",
}  # fmt: skip
# Nothing but hidden checks sees them, and those tell no more than the kind of failure.
HIDDEN_ONLY = {
    "last-batch-dropped", "at-rest-for-ever", "minus-zero", "caller-s-frozen-thawed",
    "limits-ignored", "alpha-swapped", "alpha-ignored",
    "size-rounded", "size-rounded-up", "ceil-mode-always", "ceil-mode-ignored", "ceil-mode-beyond-the-end",
    "silence-divided", "every-tie-gets-all", "epsilon-in-the-factor", "unravelled-as-if-whole",
    "sigmoid-overflows", "slope-overflows", "drops-in-evaluation", "scaled-in-evaluation",
    "low-and-high-ignored", "divided-by-zero", "constant-channel-zeroed", "momentum-always-0.9",
    "empty-boxes-divided", "last-of-equal-scores-first", "empty-mean-of-boxes", "logarithm-of-a-shut-mask",
    "empty-mean-of-masks", "all-modules-to-one-mode", "hooks-left-after-an-exception",
    "each-channel-on-its-own-scale", "absent-classes-guessed", "cut-off-in-front",
    "squeezed-to-size", "not-cut-off", "enlarging-frozen", "skip-without-gradient",
    "kernel-without-gradient", "pooling-rounded-down", "result-not-cut-off",
    "address-overflows", "read-overflows", "first-mask-for-all", "state-carried-over",
    "read-as-it-is", "left-in-evaluation",
}  # fmt: skip
# Judged by statistics of what they draw, which no answer can be compared with: the message says what is wrong.
STATISTICS_ONLY = {
    "one-draw-for-all-images", "dy-as-share-of-width", "flip-always-allowed", "moves-down-only", "degrees-as-radians",
    "turned-about-the-corner", "kept-entries-not-scaled", "p-taken-for-the-keep-rate", "divided-by-p",
    "mask-already-divided", "one-mask-for-all-samples", "generator-ignored",
    "variance-one-over-fan-in", "variance-for-deviation", "fan-out-for-fan-in", "kernel-not-counted", "uniform-weights",
    "never-shuffled", "learns-the-first-digit-only", "learns-in-evaluation-mode", "nothing-learnt", "seed-ignored",
    "one-seed-for-all", "weights-drawn",
}  # fmt: skip

# What float32 on the way may cost. Max pooling only copies numbers, so it has no such check.
PRECISION_ONLY = {
    "vision/transfer": set(),
    "vision/adversarial": set(),
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
    "recurrence/gru": {"gru_step_forward.h.precision", "gru_backward.dWh.precision"},
    "recurrence/attention": {"content_address.precision", "attention_read.out.precision"},
    "recurrence/lstm": {
        "lstm_step_forward.h.precision", "lstm_forward.h.precision", "lstm_backward.dWh.precision",
    },
    "recurrence/bidirectional": {"bidirectional_forward.precision"},
    "vision/detection": {"box_iou.precision"},
    "recurrence/language": set(),
    "recurrence/digit_strips": set(),
}  # fmt: skip
