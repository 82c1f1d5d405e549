"""Programs that reach for what is not theirs: the network, the host's files and processes, the system."""

from tests.hostile.attack import Attack

ATTACKS = (
    Attack(
        "connect_to_host_loopback",
        "seccomp",
        "attempt('connect', lambda: socket.create_connection(('127.0.0.1', @PORT@), timeout=1))",
        says="connect EAFNOSUPPORT",
    ),
    Attack(
        "connect_outside",
        "seccomp",
        "attempt('connect', lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))",
        says="connect EAFNOSUPPORT",
    ),
    Attack(
        "listen_on_network",
        "seccomp",
        "attempt('listen', lambda: socket.create_server(('0.0.0.0', 8080)))",
        says="listen EAFNOSUPPORT",
    ),
    Attack(
        "rare_socket_families",
        "seccomp",
        """
for name in ("AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG", "AF_BLUETOOTH", "AF_CAN"):
    attempt(name, lambda: socket.socket(getattr(socket, name), socket.SOCK_RAW))
""",
        says="AF_NETLINK EAFNOSUPPORT.*AF_PACKET EAFNOSUPPORT.*AF_VSOCK EAFNOSUPPORT.*AF_ALG EAFNOSUPPORT",
    ),
    Attack(
        "abstract_socket_of_host",
        "network",
        """
one = socket.socket(socket.AF_UNIX)
attempt("connect", lambda: one.connect("\\0@ABSTRACT@"))
""",
        says="connect ECONNREFUSED",
    ),
    Attack(
        "path_socket_of_host",
        "read_only_root",
        "attempt('connect', lambda: socket.socket(socket.AF_UNIX).connect('@SOCKET@'))",
        says="connect ENOENT",
    ),
    Attack(
        "network_devices",
        "network",
        """
names = sorted(line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:])
print("BREACH" if "eth0" in names or len(open("/proc/net/route").readlines()) > 1 else "devices", names)
""",
        says=r"devices \['lo'\]|devices \['",
    ),
    Attack(
        "read_shadow", "read_only_root", "attempt('shadow', lambda: open('/etc/shadow').read())", says="shadow ENOENT"
    ),
    Attack(
        "host_users",
        "read_only_root",
        "text = open('/etc/passwd').read()\nprint('BREACH' if 'root' in text else 'only', text)",
        says="only candidate",
    ),
    Attack(
        "host_processes",
        "namespaces",
        """
seen = [name for name in os.listdir("/proc") if name.isdigit()]
print("BREACH" if len(seen) > 2 else "sees", sorted(seen))
""",
        says=r"sees \['1', '2'\]",
    ),
    Attack(
        "environment_of_launcher",
        "shield",
        """
for process in ("1", "self"):
    try: text = open(f"/proc/{process}/environ").read()
    except OSError as error: print(process, errno.errorcode[error.errno])
    else: print("BREACH" if "@SECRET@" in text or "HOSTILE" in text else "clean")
""",
        says="1 EACCES.*clean",
    ),
    Attack(
        "look_into_process_one",
        "shield",
        """
attempt("fd", lambda: os.listdir("/proc/1/fd"))
for name in ("mem", "maps"): attempt(name, lambda: open("/proc/1/" + name, "rb").read(1))
for name in ("root", "cwd", "exe"): attempt(name, lambda: os.readlink("/proc/1/" + name))
""",
        says="fd EACCES.*mem EACCES",
    ),
    Attack(
        "files_of_judge",
        "read_only_root",
        """
attempt("file", lambda: open("@FILE@").read())
for top in ("/root", "/home", "/var", "/srv", "/run", "/opt", "/boot", "/mnt", "/media", "/sys", "/oldroot"):
    attempt(top, lambda: os.listdir(top))
""",
        says="file ENOENT.*/root ENOENT.*/sys ENOENT",
    ),
    Attack(
        "climb_out_of_root",
        "namespaces",
        """
os.chdir("/")
for _ in range(50): os.chdir("..")
print("BREACH" if os.path.exists("root") or os.path.exists("var") else "same root", sorted(os.listdir(".")))
attempt("chroot", lambda: os.chroot("/tmp"))
""",
        says="same root.*chroot ENOSYS",
    ),
    Attack(
        "kernel_secrets",
        "namespaces",
        """
for name in ("kcore", "kmsg", "sysrq-trigger", "kallsyms"):
    try: text = open("/proc/" + name, "rb").read(4096)
    except OSError as error: print(name, errno.errorcode[error.errno])
    else: print("BREACH" if set(text.split()[0]) - set(b"0") else "zeroed", name)
""",
        says="kcore (EACCES|EPERM|ENOENT).*kmsg (EACCES|EPERM|ENOENT)",
    ),
    Attack(
        "devices_of_host",
        "namespaces",
        """
usual = {"null", "zero", "full", "random", "urandom", "shm", "fd", "stdin", "stdout", "stderr"}
extra = set(os.listdir("/dev")) - usual
print("BREACH" if extra else "plain", extra)
attempt("block", lambda: os.mknod("disk", stat.S_IFBLK | 0o600, os.makedev(254, 0)))
attempt("character", lambda: os.mknod("memory", stat.S_IFCHR | 0o600, os.makedev(1, 1)))
""",
        says="plain.*block (EACCES|EPERM).*character (EACCES|EPERM)",
    ),
    Attack(
        "write_runtime",
        "read_only_root",
        """
attempt("create", lambda: os.open(os.path.dirname(os.__file__) + "/extra.py", os.O_CREAT | os.O_WRONLY))
attempt("change", lambda: open(os.__file__, "a"))
attempt("unlink", lambda: os.unlink(os.__file__))
""",
        says="create (EROFS|EACCES).*change (EROFS|EACCES).*unlink (EROFS|EACCES)",
    ),
    Attack(
        "write_everywhere",
        "read_only_root",
        """
for path in ("/x", "/etc/x", "/tools/x", "/dev/x", "/usr/x", "/proc/x"):
    attempt(path, lambda: os.open(path, os.O_CREAT | os.O_WRONLY))
for path in ("/etc/passwd", "/shield"):
    attempt(path, lambda: os.open(path, os.O_WRONLY))
attempt("device directory", lambda: os.mkdir("/dev/folder"))
""",
        says="/x (EROFS|EACCES)",
    ),
    Attack(
        "kernel_settings",
        "user_id",
        """
names = ("kernel/core_pattern", "kernel/modprobe", "kernel/hostname", "vm/overcommit_memory", "fs/protected_symlinks")
for name in names:
    attempt(name, lambda: os.open("/proc/sys/" + name, os.O_WRONLY))
attempt("sysrq", lambda: os.open("/proc/sysrq-trigger", os.O_WRONLY))
""",
        says="core_pattern (EACCES|EROFS|EPERM).*sysrq (EACCES|EROFS|EPERM|ENOENT)",
    ),
    Attack(
        "own_kernel_knobs",
        "landlock",
        """
for name in ("oom_score_adj", "mem", "clear_refs", "timerslack_ns", "uid_map", "setgroups"):
    attempt(name, lambda: os.open("/proc/self/" + name, os.O_WRONLY))
""",
        says="oom_score_adj EACCES.*mem EACCES.*clear_refs EACCES",
    ),
    Attack(
        "become_root",
        "capabilities",
        """
attempt("setuid", lambda: os.setuid(0))
attempt("setgid", lambda: os.setgid(0))
attempt("setgroups", lambda: os.setgroups([0]))
status = open("/proc/self/status").read()
caps = [line for line in status.splitlines() if line.startswith("Cap") and set(line.split()[1]) != {"0"}]
print("BREACH" if caps else "no capabilities", caps)
""",
        says="setuid EINVAL.*setgid EINVAL.*setgroups EPERM.*no capabilities",
    ),
    Attack(
        "set_id_programs",
        "no_new_privileges",
        """
for program in ("/usr/bin/su", "/usr/bin/passwd", "/usr/bin/newuidmap"):
    if os.path.exists(program):
        child = os.fork()
        if child == 0:
            os.dup2(os.open("/dev/null", os.O_RDWR), 0)
            os.execv(program, [program, "--help"])
        os.waitpid(child, 0)
print([line for line in open("/proc/self/status").read().splitlines() if line.startswith("NoNewPrivs")])
""",
        says="NoNewPrivs:\\\\t1",
    ),
    Attack(
        "signal_process_one",
        "landlock",
        """
for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGSEGV):
    try: os.kill(1, number)
    except OSError as error: print("kill", errno.errorcode[error.errno])
time.sleep(0.1)
print("process one lives", os.getppid())
""",
        says="kill EPERM.*process one lives 1",
    ),
    Attack(
        "signal_everyone",
        "namespaces",
        """
try: os.kill(-1, signal.SIGKILL)
except ProcessLookupError: print("there is nobody else")
""",
        says="there is nobody else",
    ),
    Attack(
        "signal_judge",
        "namespaces",
        "attempt('kill', lambda: os.kill(@PID@, 0))",
        says="kill ESRCH",
    ),
    Attack(
        "other_slots",
        "namespaces",
        """
found = [name for top in ("/work", "/tmp", "/dev/shm", "/tools") for name in os.listdir(top)]
print("BREACH" if found else "empty", found)
""",
        says="empty",
    ),
)
