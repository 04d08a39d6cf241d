"""category: process
mechanism: setuid, setgid, capabilities, unshare, setns, chroot, mount, prctl, keyctl, bpf, io_uring
required: 0; each is refused
hits: conv2d_forward
expect: failed
"""

import ctypes
import platform

_CALLS = {
    "setuid": (105, 146), "setgid": (106, 144), "setgroups": (116, 159), "setresuid": (117, 147), "capset": (126, 91),
    "unshare": (272, 97), "setns": (308, 268), "chroot": (161, 51), "mount": (165, 40), "pivot_root": (155, 41),
    "prctl": (157, 167), "keyctl": (250, 219), "bpf": (321, 280), "io_uring_setup": (425, 425),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "add_key": (248, 217), "seccomp": (317, 277),
    "memfd_create": (319, 279), "shmget": (29, 194), "socket": (41, 198), "socketpair": (53, 199),
    "inotify_init1": (294, 26), "eventfd2": (290, 19), "setsid": (112, 157), "setpgid": (109, 154),
    "sched_setaffinity": (203, 122), "setpriority": (141, 140), "ioprio_set": (251, 30), "personality": (135, 92),
    "umask": (95, 166), "chdir": (80, 49), "mkdirat": (258, 34), "mknodat": (259, 33), "symlinkat": (266, 36),
    "unlinkat": (263, 35), "fchmodat": (268, 53), "setrlimit": (160, 164), "alarm": (37, 9999), "setitimer": (38, 103),
    "timer_create": (222, 107), "fanotify_init": (300, 262), "open_by_handle_at": (304, 265), "kexec_load": (246, 104),
    "landlock_create_ruleset": (444, 444), "process_madvise": (440, 440), "mq_open": (240, 180), "semget": (64, 190),
}


def conv2d_forward(x, w, b, stride=1, padding=0):
    libc = ctypes.CDLL(None, use_errno=True)
    column = 0 if platform.machine() == "x86_64" else 1
    for name, numbers in _CALLS.items():
        if libc.syscall(numbers[column], 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() not in (1, 38):
            print("LOOT", name, ctypes.get_errno())
    return _zeros(x, w, stride, padding)
