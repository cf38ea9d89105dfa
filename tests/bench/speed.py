# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs, side by side: pairs of commands in turn, and the course's way with Scapy once.

Times are shown and not judged: on a machine that does other work, too, one and the same build told ratios from .8 to 1.3.
The limits are on instructions, which valgrind counts and which are the same at each run, whatever else the machine does.

usage: speed.py STAGE CAPTURE SUFFIX BENCH_CORE ROUNDS COMMAND...
  STAGE       has plugins/ (the build's) and none/ (no plugin)
  SUFFIX      the domain of the capture's film service
  COMMAND     runs what follows it where Wireshark heeds WIRESHARK_PLUGIN_DIR (setpriv ... env ...)
Times are user + system time of the processes. A ratio is the median over pairs that ran one after the other, so that what
else the machine does weighs on both. Prints two tables, a line for each limit, then "N passed, M failed".
"""
import concurrent.futures
import os
import re
import statistics
import subprocess
import sys

# Ratios of instructions, and packets a second (of 5 million that we want: the one limit on time, far from what is seen).
PLAIN_MAX, LONG_MAX, TREE_MAX, SCAPY_MIN, CORE_MIN = 1.06, 1.08, 1.15, 25, 2.5e6
# Instructions are counted over so many packets: valgrind takes ten times as long as the program, and Python a minute.
# A window's features look back half an hour, so a film that goes on costs more than one that begins.
FILM, LONG, FEW, MORE = 45000, 135000, 2000, 6000
COUNT = ['valgrind', '--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null']
TREE = ['-q', '-z', 'qoe,tree']
COURSE = ['/usr/bin/python3', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'course.py')]


def cost(command, output=os.devnull):
    """Seconds and MB of a command, whose output goes to a file."""
    with open(output, 'wb') as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f'{" ".join(command)}: status {status}')
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def instructions(command):
    """Millions of instructions that valgrind, which is in the command, counts in it."""
    done = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(re.search(r'I +refs: +([0-9,]+)', done.stderr)[1].replace(',', '')) / 1e6


def count_all(commands):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(instructions, commands))


class Bench:
    def __init__(self, stage, capture, rounds, prefix):
        self.stage, self.capture, self.rounds, self.prefix = stage, capture, rounds, prefix

    def tshark(self, plugins, arguments, capture=None, under=()):
        environment = [*self.prefix, f'WIRESHARK_PLUGIN_DIR={self.stage}/{plugins}']
        return [*environment, *under, 'tshark', '-r', capture or self.capture, *arguments]

    def first(self, packets):
        """A capture of the first so many packets."""
        path = f'{self.stage}/first-{packets}.pcap'
        subprocess.run(['editcap', '-F', 'pcap', '-r', self.capture, path, f'1-{packets}'], check=True, capture_output=True)
        os.chmod(path, 0o644)
        return path

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
    return [cost(bench.tshark('plugins', TREE))[0] for _ in range(3)]


def course_way(bench, suffix):
    """Scapy's row; its counts must be the plugin's, else the two did not do the same. The tree runs before and after, so
    that a machine that is slow for a while is not taken for a slow tree."""
    path = f'{bench.stage}/course'
    before = tree_times(bench)
    took, memory = cost([*COURSE, bench.capture, suffix], path)
    seconds = statistics.median(before + tree_times(bench))
    print(f"| the course's way with Scapy / -q -z qoe,tree | {took:.1f} s | {seconds:.3f} s | 1/{took / seconds:.0f} | "
          f'(Scapy: {memory:.0f} MB) |', flush=True)
    with open(path, encoding='utf-8') as lines:
        counted = {row[0]: (int(row[1]), int(row[2])) for row in map(str.split, lines)}
    shown = exported_servers(bench)
    return bool(counted) and all(shown.get(address) == row for address, row in counted.items())


def counted_course(bench, suffix):
    """Millions of instructions for a packet more, so that what Python and tshark need to start is not in them: the course's
    way, the tree."""
    parts = [bench.first(packets) for packets in (MORE, FEW)]
    commands = [[*COUNT, *COURSE, part, suffix] for part in parts]
    commands += [bench.tshark('plugins', TREE, part, COUNT) for part in parts]
    seen = count_all(commands)
    return [(more - few) / (MORE - FEW) for more, few in (seen[:2], seen[2:])]


def counted(bench, suffix):
    """The table of instructions; returns its ratios."""
    film, long = bench.first(FILM), bench.first(LONG)
    pairs = {
        f'tshark -r FILE, {FILM} packets': ([], [], film),
        f'tshark -r FILE, {LONG} packets': ([], [], long),
        '-q -z dns,tree / -q -z qoe,tree': (['-q', '-z', 'dns,tree'], TREE, film),
    }
    seen = count_all([bench.tshark(plugins, arguments, part, COUNT)
                      for without, with_it, part in pairs.values()
                      for plugins, arguments in (('none', without), ('plugins', with_it))])
    course, packet = counted_course(bench, suffix)
    print('\n| million instructions | without | with the plugin | ratio |\n|---|---|---|---|')
    for title, one, other in zip(pairs, seen[::2], seen[1::2]):
        print(f'| {title} | {one:.0f} | {other:.0f} | {other / one:.3f} |')
    print(f"| a packet more, the course's way with Scapy / -q -z qoe,tree | {course:.3f} | {packet:.3f} | "
          f'1/{course / packet:.0f} |', flush=True)
    return [other / one for one, other in zip(seen[::2], seen[1::2])] + [course / packet]


def core_rate(program):
    said = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    print('\n' + said, flush=True)
    return min(float(rate) * 1e6 for rate in re.findall(r'([0-9.]+) million packets/s', said))


def main():
    stage, capture, suffix, program, rounds, *prefix = sys.argv[1:]
    bench = Bench(stage, capture, int(rounds), prefix)
    print('| | without | with the plugin | ratio | memory |\n|---|---|---|---|---|')
    bench.pair('tshark -r FILE', [], [])
    bench.pair('tshark -r FILE -2', ['-2'], ['-2'])
    bench.pair('-q -z dns,tree / -q -z qoe,tree', ['-q', '-z', 'dns,tree'], TREE)
    bench.pair('-Y tcp.len==1 / -Y qoe.segment', ['-Y', 'tcp.len==1'], ['-Y', 'qoe.segment'])
    same = course_way(bench, suffix)
    plain, longer, tree, course = counted(bench, suffix)
    checks = [
        (f'reading costs at most {PLAIN_MAX} times as many instructions with the plugin', plain <= PLAIN_MAX),
        (f'reading on costs at most {LONG_MAX} times as many', longer <= LONG_MAX),
        (f'the tree costs at most {TREE_MAX} times as many as dns,tree', tree <= TREE_MAX),
        (f"the tree costs at most a {SCAPY_MIN}th of the course's way for each packet", course >= SCAPY_MIN),
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
