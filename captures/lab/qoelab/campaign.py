# SPDX-License-Identifier: GPL-2.0-or-later
"""Plays many sessions, several at a time, and keeps those that the checker believes.

Goes on where an earlier run stopped. A session that was late takes one place away, so that timing does not suffer."""
import argparse
import concurrent.futures
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

from qoelab import dataset, profiles, split, summary, world

_LATE = ('link emulator late', 'timers late')
_STAGGER_S = 3      # browsers that start together hold each other up
# Even a killed campaign takes its sessions with it: the kernel ends the first process of the world, and with it the world.
_DIE_TOGETHER = ['setpriv', '--pdeathsig', 'KILL']
_BAR_WIDTH = 30


class Progress:
    """A line that is written again and again; plain lines where there is no terminal."""

    def __init__(self, total, done):
        self.total, self.done, self.first, self.kept, self.thrown = total, done, done, 0, 0
        self.start = time.monotonic()

    def add(self, kept):
        self.done += 1
        self.kept, self.thrown = self.kept + kept, self.thrown + (not kept)

    def show(self, running):
        left = ''
        if self.done > self.first:
            minutes = (time.monotonic() - self.start) / (self.done - self.first) * (self.total - self.done) / 60
            left = f', about {minutes:.0f} min left'
        filled = _BAR_WIDTH * self.done // max(1, self.total)
        line = (f'[{"#" * filled}{"." * (_BAR_WIDTH - filled)}] {self.done}/{self.total} sessions, kept {self.kept}, '
                f'thrown away {self.thrown}, {running} running{left}')
        end = '\r' if sys.stderr.isatty() else '\n'
        print(f'{line:100}', end=end, file=sys.stderr, flush=True)


class Places:
    """How many sessions may run at once; becomes fewer when the machine proves too slow, and more again while it does not."""

    def __init__(self, count):
        self.most, self.count, self.taken, self.last_start, self.in_time = count, count, 0, 0.0, 0
        self.changed = threading.Condition()

    def take(self):
        with self.changed:
            self.changed.wait_for(lambda: self.taken < self.count)
            self.taken += 1
            wait_s = max(0.0, self.last_start + _STAGGER_S - time.monotonic())
            self.last_start = time.monotonic() + wait_s
        time.sleep(wait_s)

    def give_back(self, was_late):
        with self.changed:
            self.taken -= 1
            self.in_time = 0 if was_late else self.in_time + 1
            if was_late and self.count > 1:
                self.count -= 1
            elif self.in_time >= 2 * self.count and self.count < self.most:
                self.count, self.in_time = self.count + 1, 0
            self.changed.notify_all()


class Children:
    """The processes that run now, so that a signal can end them at once; after it no new ones start."""

    def __init__(self):
        self.processes, self.ended, self.lock = set(), False, threading.Lock()

    def run(self, command):
        """Like subprocess.run with its output captured."""
        with self.lock:
            self.leave_if_ended()
            process = subprocess.Popen(_DIE_TOGETHER + command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.processes.add(process)
        out, err = process.communicate()
        self.processes.discard(process)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def leave_if_ended(self):
        if self.ended:
            raise SystemExit

    def end(self):
        with self.lock:
            self.ended = True
            running = list(self.processes)      # the threads take theirs out while they end
            for process in running:
                process.kill()
            for process in running:
                process.wait()


CHILDREN = Children()


def _python(*arguments):
    return [sys.executable, '-m', *arguments]


def _error_text(done):
    """The last words of a session that failed, for thrown.csv."""
    return (done.stderr.strip().splitlines() or ['failed without a word'])[-1][:200]


def play_one(options, number):
    """Plays and harvests session `number`; returns its line of the manifest with its fault, None if it is kept."""
    name = f'lab_{number:04d}'
    folder = f'{options.out}/work/{name}'
    CHILDREN.leave_if_ended()       # else a folder comes back that was just cleared away
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with open(f'{folder}/profile.json', 'w') as file:
        json.dump(profiles.draw(options.cache, options.seed, number, options.duration, options.only), file)
    done = CHILDREN.run(world.ENTER + _python('qoelab.session', options.cache, folder))
    line = dict(session=name, fault=_error_text(done))
    if done.returncode == 0:
        done = CHILDREN.run(_python('qoelab.harvest', options.cache, folder, name, options.out))
        line = json.loads(done.stdout) if done.returncode == 0 else dict(session=name, fault=_error_text(done))
    if not options.keep_work:
        shutil.rmtree(folder)
    return line


def _record(out, line):
    if line['fault']:
        dataset.append(f'{out}/thrown.csv', dataset.THROWN_COLUMNS, line)
    else:
        dataset.append(f'{out}/sessions.csv', dataset.SESSION_COLUMNS, line)


def _left(options):
    """Numbers of the sessions that no earlier run has played."""
    played = {s['session'] for table in ('sessions', 'thrown') for s in dataset.read(f'{options.out}/{table}.csv')}
    numbers = range(options.first, options.first + options.sessions)
    return [n for n in numbers if f'lab_{n:04d}' not in played]


def run(options):
    numbers, places, running = _left(options), Places(options.jobs), set()
    progress = Progress(options.sessions, options.sessions - len(numbers))
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        def work(number):
            places.take()
            line = None
            try:
                line = play_one(options, number)
            finally:
                places.give_back(bool(line) and line['fault'] in _LATE)
            return line
        running = {pool.submit(work, number) for number in numbers}
        for done in concurrent.futures.as_completed(running):
            _record(options.out, done.result())
            progress.add(not done.result()['fault'])
            progress.show(places.taken)


def finish(options):
    """The tables that need all sessions."""
    if not options.keep_work:
        shutil.rmtree(f'{options.out}/work', ignore_errors=True)
    dataset.write_titles(options.out)
    if options.split:
        split.write(options.out)
    with open(f'{options.out}/summary.txt', 'w') as file:
        file.write(summary.text(options.out))
    print('\n' + summary.text(options.out), end='')


def _leave(options, signal_number):
    """Ends at once; the sessions that were running will be played again by the next run."""
    CHILDREN.end()
    shutil.rmtree(f'{options.out}/work', ignore_errors=True)
    print(f'\nstopped; the same command goes on with {options.out}', file=sys.stderr)
    os._exit(128 + signal_number)


def _options():
    parser = argparse.ArgumentParser(prog='run.sh', description='Makes labelled captures of real players.')
    parser.add_argument('--sessions', type=int, required=True, metavar='N', help='how many to play')
    parser.add_argument('--out', required=True, metavar='DIR', help='where the data set goes; an unfinished one is continued')
    parser.add_argument('--jobs', type=int, default=3 * (os.cpu_count() or 1), help='sessions at a time (3 per core)')
    parser.add_argument('--seed', type=int, default=1, help='another seed, other sessions')
    parser.add_argument('--first', type=int, default=1, help='number of the first session')
    parser.add_argument('--duration', type=int, help='seconds of each session (120 to 300)')
    parser.add_argument('--only', type=json.loads, default={}, metavar='JSON', help='parts of the profile to fix, e.g. \'{"player":"dash","http":"h2"}\'')
    parser.add_argument('--split', action='store_true', help='also write split.csv: by title, one player kept aside')
    parser.add_argument('--keep-work', action='store_true', help='keep the full captures and logs in DIR/work')
    parser.add_argument('--cache', required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = _options()
    options.out = os.path.abspath(options.out)
    os.makedirs(options.out, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: _leave(options, number))
    shutil.rmtree(f'{options.out}/work', ignore_errors=True)     # of a run that was killed
    run(options)
    finish(options)


if __name__ == '__main__':
    main()
