"""Leave links and pipes in the work folder."""

import os

for target, name in (("/proc/self/environ", "environ"), ("/etc/passwd", "passwd"), ("../../suite.json", "suite.json")):
    os.symlink(target, name)
os.link("assistant.py", "copy.py")
os.mkfifo("pipe")


def handle(request, mailbox):
    """Answer with what the links lead to."""
    try:
        return {"answer": open("suite.json").read(), "effects": [], "log": []}
    except OSError:
        return {"answer": open("passwd").read(), "effects": [], "log": []}
