"""Wait, and ignore every polite request to stop."""

import signal
import time

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU, signal.SIGALRM):
    signal.signal(number, signal.SIG_IGN)
while True:
    time.sleep(1000)
