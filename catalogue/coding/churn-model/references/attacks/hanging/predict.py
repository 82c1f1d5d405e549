import signal
import time
import json
from pathlib import Path

rate = 0.0


def load(folder):
    global rate
    rate = json.loads((Path(folder) / "rate.json").read_text())


def predict(rows):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(3600)
