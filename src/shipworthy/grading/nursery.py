"""The process that judges are forked from, so that each starts in milliseconds and still has a process of its own.

It loads the product's code once, judges' code never. It reads one order per message from a socket, with two
descriptors: where events go, and where the log goes. It ends, and every judge with it, when the socket closes.
"""

import os
import signal
import socket
import sys
import traceback

import numpy  # noqa: F401 - nearly every judge needs it, and a fork has it at once
import scipy.special  # noqa: F401

from shipworthy.grading.judge_process import carry_out, die_with
from shipworthy.grading.orders import read_order

LARGEST_ORDER = 1024 * 1024


def main() -> None:
    """Fork a judge for every order, until nobody is left to order one."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    orders = socket.socket(fileno=int(sys.argv[1]))
    while True:
        spelled, descriptors, _, _ = socket.recv_fds(orders, LARGEST_ORDER, 2)
        if not spelled:
            return
        judge = os.fork()
        if judge == 0:
            become_judge(spelled, orders, *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        orders.sendall(str(judge).encode())


def become_judge(spelled: bytes, orders: socket.socket, events: int, log: int) -> None:
    """Carry out one order in this fork, and end."""
    nursery = os.getppid()
    orders.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(log, 1)
    os.dup2(log, 2)
    die_with(nursery)
    try:
        carry_out(read_order(spelled), events)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
