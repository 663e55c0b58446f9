/// A processor whose system calls are known.
enum Processor: CaseIterable, Sendable {
    case x86, arm

    /// The one that this program was built for.
    static var current: Processor? {
        #if arch(x86_64)
            .x86
        #elseif arch(arm64)
            .arm
        #else
            nil
        #endif
    }

    /// What the kernel calls it, in `linux/audit.h`.
    var auditNumber: UInt32 {
        switch self {
        case .x86: 0xC000_003E
        case .arm: 0xC000_00B7
        }
    }
}

/// A system call that the filter names, with its number on each processor; nil where it has none.
struct SystemCall: Sendable {
    let name: String
    private let x86: UInt32?
    private let arm: UInt32?

    private init(_ name: String, _ x86: UInt32?, _ arm: UInt32?) {
        self.name = name
        self.x86 = x86
        self.arm = arm
    }

    func number(on processor: Processor) -> UInt32? {
        switch processor {
        case .x86: x86
        case .arm: arm
        }
    }

    /// The last one that there was when these tables were made (Linux 6.1).
    static let lastKnown: UInt32 = 450

    // MARK: Refused whatever their arguments

    /// Looks into other processes, or changes what they are in.
    private static let ofOthers = [
        SystemCall("ptrace", 101, 117), SystemCall("process_vm_readv", 310, 270),
        SystemCall("process_vm_writev", 311, 271), SystemCall("kcmp", 312, 272),
        SystemCall("pidfd_getfd", 438, 438), SystemCall("process_madvise", 440, 440),
        SystemCall("move_pages", 279, 239), SystemCall("migrate_pages", 256, 238),
    ]
    /// Leaves the group that the host stops: nothing may run while no limit is on.
    private static let ofGroups = [
        SystemCall("setsid", 112, 157), SystemCall("setpgid", 109, 154),
    ]
    /// Changes what there is to see.
    private static let ofMounts = [
        SystemCall("mount", 165, 40), SystemCall("umount2", 166, 39),
        SystemCall("pivot_root", 155, 41), SystemCall("chroot", 161, 51),
        SystemCall("fsopen", 430, 430), SystemCall("fsconfig", 431, 431),
        SystemCall("fsmount", 432, 432), SystemCall("fspick", 433, 433),
        SystemCall("move_mount", 429, 429), SystemCall("open_tree", 428, 428),
        SystemCall("mount_setattr", 442, 442), SystemCall("unshare", 272, 97),
        SystemCall("setns", 308, 268), SystemCall("open_by_handle_at", 304, 265),
        SystemCall("name_to_handle_at", 303, 264), SystemCall("fanotify_init", 300, 262),
    ]
    /// Where the kernel's own mistakes were found most often.
    private static let ofTheKernel = [
        SystemCall("keyctl", 250, 219), SystemCall("add_key", 248, 217),
        SystemCall("request_key", 249, 218), SystemCall("bpf", 321, 280),
        SystemCall("perf_event_open", 298, 241), SystemCall("userfaultfd", 323, 282),
        SystemCall("io_uring_setup", 425, 425), SystemCall("io_uring_enter", 426, 426),
        SystemCall("io_uring_register", 427, 427), SystemCall("kexec_load", 246, 104),
        SystemCall("kexec_file_load", 320, 294), SystemCall("init_module", 175, 105),
        SystemCall("finit_module", 313, 273), SystemCall("delete_module", 176, 106),
        SystemCall("personality", 135, 92), SystemCall("mbind", 237, 235),
        SystemCall("set_mempolicy", 238, 237), SystemCall("set_mempolicy_home_node", 450, 450),
        SystemCall("lookup_dcookie", 212, 18), SystemCall("nfsservctl", 180, 42),
        SystemCall("modify_ldt", 154, nil), SystemCall("uselib", 134, nil),
        SystemCall("ustat", 136, nil), SystemCall("sysfs", 139, nil),
        SystemCall("_sysctl", 156, nil), SystemCall("seccomp", 317, 277),
    ]
    /// The machine's own matters.
    private static let ofTheMachine = [
        SystemCall("acct", 163, 89), SystemCall("swapon", 167, 224),
        SystemCall("swapoff", 168, 225), SystemCall("reboot", 169, 142),
        SystemCall("quotactl", 179, 60), SystemCall("quotactl_fd", 443, 443),
        SystemCall("settimeofday", 164, 170), SystemCall("clock_settime", 227, 112),
        SystemCall("clock_adjtime", 305, 266), SystemCall("adjtimex", 159, 171),
        SystemCall("sethostname", 170, 161), SystemCall("setdomainname", 171, 162),
        SystemCall("syslog", 103, 116), SystemCall("vhangup", 153, 58),
        SystemCall("iopl", 172, nil), SystemCall("ioperm", 173, nil),
    ]
    /// What nobody here may call.
    static let refused = ofOthers + ofGroups + ofMounts + ofTheKernel + ofTheMachine
    /// What is said not to exist: programs then do without. `clone3` and `openat2` keep their
    /// arguments where the filter cannot read them; `timer_create` and `mq_open` lead to signals
    /// that let a stopped process go on; the others give memory that no limit of a process
    /// counts, or use up what all users of the host or all programs of one share.
    static let absent = [
        SystemCall("clone3", 435, 435), SystemCall("openat2", 437, 437),
        SystemCall("memfd_create", 319, 279), SystemCall("memfd_secret", 447, 447),
        SystemCall("shmget", 29, 194), SystemCall("msgget", 68, 186),
        SystemCall("semget", 64, 190), SystemCall("mq_open", 240, 180),
        SystemCall("timer_create", 222, 107), SystemCall("io_setup", 206, 0),
        SystemCall("inotify_init", 253, nil), SystemCall("inotify_init1", 294, 26),
    ]
    /// What no file here can do: it takes more of the disk in a moment than anybody can watch.
    static let unsupported = [SystemCall("fallocate", 285, 47)]

    // MARK: Refused with some arguments

    static let clone = SystemCall("clone", 56, 220)
    static let socket = SystemCall("socket", 41, 198)
    static let socketPair = SystemCall("socketpair", 53, 199)
    static let deviceControl = SystemCall("ioctl", 16, 29)
    static let fileControl = SystemCall("fcntl", 72, 25)
    static let processControl = SystemCall("prctl", 157, 167)
    /// Sends a signal, whose number is the second argument.
    static let signals = [
        SystemCall("kill", 62, 129), SystemCall("tkill", 200, 130),
        SystemCall("rt_sigqueueinfo", 129, 138), SystemCall("pidfd_send_signal", 424, 424),
    ]
    /// As `signals`, to one thread of a process: it is the third argument.
    static let threadSignals = [
        SystemCall("tgkill", 234, 131), SystemCall("rt_tgsigqueueinfo", 297, 240),
    ]
    static let chmod = SystemCall("chmod", 90, nil)
    static let chmodOfDescriptor = SystemCall("fchmod", 91, 52)
    static let chmodAt = SystemCall("fchmodat", 268, 53)
    static let create = SystemCall("creat", 85, nil)
    static let open = SystemCall("open", 2, nil)
    static let openAt = SystemCall("openat", 257, 56)
    static let makeNode = SystemCall("mknod", 133, nil)
    static let makeNodeAt = SystemCall("mknodat", 259, 33)
    /// All of these.
    static let conditional =
        [
            clone, socket, socketPair, deviceControl, fileControl, chmod, chmodOfDescriptor,
            chmodAt,
            create, open, openAt, makeNode, makeNodeAt, processControl,
        ] + signals + threadSignals
}
