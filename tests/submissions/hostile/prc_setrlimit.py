"""category: process
mechanism: raises its own limits, then lowers them to nothing
required: 0; own process only, no hard limit can be raised
hits: conv2d_forward
expect: failed|crashed
"""

import resource


def conv2d_forward(x, w, b, stride=1, padding=0):
    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_CORE"):
        which = getattr(resource, name)
        before = resource.getrlimit(which)
        try:
            resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (ValueError, OSError):
            pass
        if resource.getrlimit(which) != before:
            print("LOOT raised", name)
    for name in ("RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_NPROC", "RLIMIT_STACK"):
        resource.setrlimit(getattr(resource, name), (0, 0))
    return _zeros(x, w, stride, padding)
