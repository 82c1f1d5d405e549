"""The self-test's program: it tries what must be refused inside a sandbox and prints what it saw as JSON."""

PROBE = """
import ctypes, errno, json, os, resource, socket

def answer(action):
    try:
        action()
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error.errno))
    return "opened"

def status(key):
    with open("/proc/self/status") as file:
        return [line.split(":")[1].strip() for line in file if line.startswith(key)]

def fill(step):
    done = 0
    try:
        while done < 1 << 24:
            done += step(done)
    except OSError:
        pass
    return done

def fork(number):
    if os.fork() == 0:
        os.read(gate[0], 1)
        os._exit(0)
    return 1

seen = {}
with open("/proc/self/uid_map") as file:
    seen["uid_map"] = file.read()
names = ("kernel/core_pattern", "kernel/hostname", "kernel/randomize_va_space", "vm/overcommit_memory")
seen["settings"] = {name: answer(lambda: os.close(os.open("/proc/sys/" + name, os.O_WRONLY))) for name in names}
kinds = ("user", "mnt", "pid", "net", "ipc", "uts", "cgroup")
seen["namespaces"] = {kind: os.readlink("/proc/self/ns/" + kind) for kind in kinds}
seen["processes"] = sum(name.isdigit() for name in os.listdir("/proc"))
seen["devices_up"] = []
for name in ("fib_trie", "if_inet6"):
    if os.path.exists("/proc/net/" + name):
        with open("/proc/net/" + name) as file:
            seen["devices_up"] += [line.strip() for line in file if line.strip()][:5]
seen["sockets"] = {
    "inet": answer(lambda: socket.socket(socket.AF_INET).close()),
    "inet6": answer(lambda: socket.socket(socket.AF_INET6).close()),
    "netlink": answer(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()),
}
places = ("/x", "/etc/x", "/usr/x", "/tools/x", "/dev/x", "/proc/x")
made = {place: answer(lambda: os.close(os.open(place, os.O_CREAT | os.O_WRONLY))) for place in places}
seen["written"] = [place for place, result in made.items() if result == "opened"]
tops = ("/root", "/home", "/var", "/run", "/sys", "/srv", "/boot", "/mnt")
seen["found"] = [top for top in tops if os.path.exists(top)]
large = os.open("/tmp/large", os.O_CREAT | os.O_WRONLY)
seen["disk_bytes"] = fill(lambda done: os.write(large, bytes(65536)))
os.unlink("/tmp/large"); os.close(large)
def make_file(done):
    os.close(os.open("/dev/shm/" + str(done), os.O_CREAT | os.O_WRONLY))
    return 1
seen["disk_files"] = fill(make_file)
gate = os.pipe()
seen["processes_made"] = fill(fork)
limits = {"fsize": resource.RLIMIT_FSIZE, "nofile": resource.RLIMIT_NOFILE, "core": resource.RLIMIT_CORE}
seen["rlimits"] = {name: resource.getrlimit(number)[0] for name, number in limits.items()}
seen["capabilities"] = [held for held in status("Cap") if set(held) != {"0"}]
seen["no_new_privileges"] = status("NoNewPrivs")[0]
seen["seccomp"] = status("Seccomp")[0]
libc = ctypes.CDLL(None, use_errno=True)
refused = libc.unshare(0x10000000) < 0
seen["refused_call"] = errno.errorcode.get(ctypes.get_errno(), "?") if refused else "done"
seen["own_knob"] = answer(lambda: os.close(os.open("/proc/self/oom_score_adj", os.O_WRONLY)))
print(json.dumps(seen))
"""
