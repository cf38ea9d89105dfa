# SPDX-License-Identifier: GPL-2.0-or-later
"""Other traffic of the same household: web browsing, a download, a call.

usage: python3 -m qoelab.cross web|download|call SEED IP        (in the client's namespace)
       python3 -m qoelab.cross echo                             (the other end of calls, in the server's)"""
import random
import selectors
import socket
import subprocess
import sys
import time

from qoelab import world
from qoelab.networks import log_uniform

_URL = 'https://web.example.test/blob'
_CALL_PORT, _CALL_BYTES, _CALL_GAP_S = 40000, 172, .02    # G.711 in RTP


def _fetch(size):
    return subprocess.Popen(['curl', '-sk', '-o', '/dev/null', '-r', f'0-{int(size) - 1}', _URL])


def browse(dice):
    """A page of some objects every quarter of a minute or so."""
    while True:
        time.sleep(dice.expovariate(1 / 15))
        objects = [_fetch(log_uniform(dice, 5e3, 6e5)) for _ in range(dice.randint(3, 10))]
        for transfer in objects:
            transfer.wait()


def download(dice):
    """One file of some megabytes at a time, with pauses."""
    while True:
        time.sleep(dice.uniform(10, 60))
        _fetch(log_uniform(dice, 2e6, 4e7)).wait()


def call(ip):
    """Speech at a steady pace; the other end answers each packet with one of its own."""
    line = socket.socket(socket.AF_INET6 if ip == 6 else socket.AF_INET, socket.SOCK_DGRAM)
    line.connect((world.address('web.example.test', ip), _CALL_PORT))
    line.setblocking(False)
    due = time.monotonic()
    for number in range(1 << 30):
        try:
            line.send(b'\x80\x00' + number.to_bytes(4, 'big')[2:] + bytes(_CALL_BYTES - 4))
        except OSError:
            pass    # nobody listens yet, or the queue is full: speech is not repeated
        due += _CALL_GAP_S
        time.sleep(max(0, due - time.monotonic()))


def echo():
    """Answers calls on every address, from the address that was called."""
    ends = []
    for ip, family in ((4, socket.AF_INET), (6, socket.AF_INET6)):
        end = socket.socket(family, socket.SOCK_DGRAM)
        end.bind((world.address('web.example.test', ip), _CALL_PORT))
        ends.append(end)
    waiting = selectors.DefaultSelector()
    for end in ends:
        waiting.register(end, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            data, peer = key.fileobj.recvfrom(2048)
            key.fileobj.sendto(data, peer)


def main():
    kind = sys.argv[1]
    if kind == 'echo':
        return echo()
    dice = random.Random(f'cross {sys.argv[2]}')
    return {'web': browse, 'download': download, 'call': lambda _: call(int(sys.argv[3]))}[kind](dice)


if __name__ == '__main__':
    main()
