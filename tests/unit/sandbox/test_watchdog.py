import os
import subprocess

from shipworthy.sandbox import watchdog


def test_cpu_counts_own_and_reaped_children() -> None:
    ticks = os.sysconf("SC_CLK_TCK")
    stat = "7 (a) b) c) S 1 7 7 0 -1 0 0 0 0 0 " + f"{ticks} {ticks} {2 * ticks} 0" + " 20 0 3 0 99 0 0"
    assert watchdog.parse_stat(stat) == (4.0, 3)


def test_memory_counts_anonymous_and_shared_but_not_files() -> None:
    status = "Name:\tx\nVmRSS:\t 900 kB\nRssAnon:\t 100 kB\nRssFile:\t 700 kB\nRssShmem:\t 28 kB\n"
    assert watchdog.parse_memory(status) == 128 * 1024


def test_children_are_counted_with_their_parents() -> None:
    script = "import os, time; os.fork(); os.fork(); print('up', flush=True); time.sleep(60)"
    with subprocess.Popen(["/usr/bin/python3", "-I", "-S", "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(4):
            process.stdout.readline()
        seen = watchdog.sample(process.pid)
        subprocess.run(["/usr/bin/pkill", "-9", "-P", str(process.pid)], check=False)
        process.kill()
    assert seen.threads == 4
    assert seen.memory_bytes > 4 * 1024 * 1024


def test_a_process_that_is_gone_has_no_figures() -> None:
    with subprocess.Popen(["/bin/true"]) as process:
        process.wait()
    assert watchdog.sample(process.pid) == watchdog.Sample(0.0, 0, 0)
