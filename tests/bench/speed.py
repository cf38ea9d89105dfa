# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs, side by side: pairs of commands in turn, and the course's way with Scapy once.

usage: speed.py STAGE CAPTURE SUFFIX BENCH_CORE ROUNDS COMMAND...
  STAGE       has plugins/ (the build's) and none/ (no plugin)
  SUFFIX      the domain of the capture's film service
  COMMAND     runs what follows it where Wireshark heeds WIRESHARK_PLUGIN_DIR (setpriv ... env ...)
Figures are user + system time of the processes. A ratio is the median over pairs that ran one after the other, so that
what else the machine does weighs on both. Prints a table, a line for each limit, then "N passed, M failed".
"""
import os
import re
import statistics
import subprocess
import sys

# What we want is 1.06, 1.15, 25 times and 5 million packets a second: read the table for that, on a machine that does
# nothing else. These are limits that a busy one holds, and that a mistake in the code does not. (Scapy: 12 to 35 were seen
# on one and the same machine type, since what slows tshark's reading down does not slow Python as much.)
PLAIN_MAX, TREE_MAX, SCAPY_MIN, CORE_MIN = 1.25, 1.5, 10, 2.5e6


def cost(command, output=os.devnull):
    """Seconds and MB of a command, whose output goes to a file."""
    with open(output, 'wb') as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f'{" ".join(command)}: status {status}')
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


class Bench:
    def __init__(self, stage, capture, rounds, prefix):
        self.stage, self.capture, self.rounds, self.prefix = stage, capture, rounds, prefix

    def tshark(self, plugins, arguments):
        return [*self.prefix, f'WIRESHARK_PLUGIN_DIR={self.stage}/{plugins}', 'tshark', '-r', self.capture, *arguments]

    def pair(self, title, without, with_it):
        """A row: without the plugin and with it. Returns the median ratio."""
        a, b = [], []
        for _ in range(self.rounds):
            a.append(cost(self.tshark('none', without)))
            b.append(cost(self.tshark('plugins', with_it)))
        ratio = statistics.median(y[0] / x[0] for x, y in zip(a, b))
        times = [statistics.median(run[0] for run in runs) for runs in (a, b)]
        more = min(run[1] for run in b) - min(run[1] for run in a)
        print(f'| {title} | {times[0]:.3f} s | {times[1]:.3f} s | {ratio:.3f} | {more:+.1f} MB |', flush=True)
        return ratio


def exported_servers(bench):
    path = f'{bench.stage}/servers.csv'
    cost(bench.tshark('plugins', ['-q', '-z', 'qoe,export,servers,csv,-']), path)
    with open(path, encoding='utf-8') as lines:
        rows = [line.split(',') for line in list(lines)[1:]]
    return {row[1]: (int(row[4]) + int(row[5]), int(row[6]) + int(row[7])) for row in rows}


def tree_times(bench):
    return [cost(bench.tshark('plugins', ['-q', '-z', 'qoe,tree']))[0] for _ in range(3)]


def course_way(bench, suffix):
    """Scapy's row; its counts must be the plugin's, else the two did not do the same. The tree runs before and after, so
    that a machine that is slow for a while is not taken for a slow tree."""
    path = f'{bench.stage}/course'
    here = os.path.dirname(os.path.abspath(__file__))
    before = tree_times(bench)
    took, memory = cost(['/usr/bin/python3', f'{here}/course.py', bench.capture, suffix], path)
    seconds = statistics.median(before + tree_times(bench))
    print(f"| the course's way with Scapy / -q -z qoe,tree | {took:.1f} s | {seconds:.3f} s | 1/{took / seconds:.0f} | "
          f'(Scapy: {memory:.0f} MB) |', flush=True)
    with open(path, encoding='utf-8') as lines:
        counted = {row[0]: (int(row[1]), int(row[2])) for row in map(str.split, lines)}
    shown = exported_servers(bench)
    same = bool(counted) and all(shown.get(address) == row for address, row in counted.items())
    return took / seconds, same


def core_rate(program):
    said = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    print('\n' + said, flush=True)
    return min(float(rate) * 1e6 for rate in re.findall(r'([0-9.]+) million packets/s', said))


def main():
    stage, capture, suffix, program, rounds, *prefix = sys.argv[1:]
    bench = Bench(stage, capture, int(rounds), prefix)
    print('| | without | with the plugin | ratio | memory |\n|---|---|---|---|---|')
    plain = bench.pair('tshark -r FILE', [], [])
    bench.pair('tshark -r FILE -2', ['-2'], ['-2'])
    tree = bench.pair('-q -z dns,tree / -q -z qoe,tree', ['-q', '-z', 'dns,tree'], ['-q', '-z', 'qoe,tree'])
    bench.pair('-Y tcp.len==1 / -Y qoe.segment', ['-Y', 'tcp.len==1'], ['-Y', 'qoe.segment'])
    times, same = course_way(bench, suffix)
    checks = [
        (f'reading costs at most {PLAIN_MAX} times as much with the plugin', plain <= PLAIN_MAX),
        (f'the tree costs at most {TREE_MAX} times as much as dns,tree', tree <= TREE_MAX),
        (f"the tree takes at most a {SCAPY_MIN}th of the course's way", times >= SCAPY_MIN),
        ("the course's way counts the same packets and bytes of each server", same),
        (f'the core takes at least {CORE_MIN / 1e6} million packets a second', core_rate(program) >= CORE_MIN),
    ]
    for name, holds in checks:
        print('ok      ' if holds else 'FAILED  ', name)
    failed = sum(not holds for _, holds in checks)
    print(f'\n{len(checks) - failed} passed, {failed} failed')
    sys.exit(failed > 0)


if __name__ == '__main__':
    main()
