# SPDX-License-Identifier: GPL-2.0-or-later
"""A film's traffic between two hosts, for capturing live: a name is asked for, then segments are fetched.

usage: film.py serve ADDRESS                    answers DNS (every name is ADDRESS) and requests
       film.py play ADDRESS SECONDS BYTES       a segment of about BYTES every 4 s; prints "REQUEST_S BYTES" for each
"""
import random
import socket
import struct
import sys
import threading
import time

NAME = 'ipv4-c007-ams001-ix.1.oca.nflxvideo.net'
EVERY_S = 4
REQUEST = 600
RECORD = b'\x17\x03\x03'  # TLS application data: all that the plugin may know of what is inside


def answer(query, address):
    """The answer to a query with one question (RFC 1035, 4.1)."""
    end = query.index(b'\0', 12) + 5
    head = query[:2] + struct.pack('!5H', 0x8180, 1, 1, 0, 0)
    return head + query[12:end] + struct.pack('!HHHIH', 0xC00C, 1, 1, 60, 4) + socket.inet_aton(address)


def serve_names(address):
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind((address, 53))
    while True:
        query, client = names.recvfrom(512)
        names.sendto(answer(query, address), client)


def receive(connection, count):
    parts = []
    while count > 0:
        part = connection.recv(min(count, 1 << 20))
        if not part:
            return b''
        parts.append(part)
        count -= len(part)
    return b''.join(parts)


def serve_viewer(connection):
    """A request holds the size of what it asks for behind its record's head."""
    with connection:
        while request := receive(connection, REQUEST):
            size = struct.unpack('!I', request[5:9])[0]
            connection.sendall((RECORD + struct.pack('!H', 16384) + bytes(size))[:size])


def serve(address):
    threading.Thread(target=serve_names, args=(address,), daemon=True).start()
    films = socket.create_server((address, 443))
    print('ready', flush=True)
    while True:
        connection, _ = films.accept()
        threading.Thread(target=serve_viewer, args=(connection,), daemon=True).start()


def ask_name(address):
    labels = b''.join(bytes([len(label)]) + label.encode() for label in NAME.split('.'))
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.settimeout(5)
    names.sendto(struct.pack('!6H', 7, 0x0100, 1, 0, 0, 0) + labels + b'\0' + struct.pack('!HH', 1, 1), (address, 53))
    return socket.inet_ntoa(names.recv(512)[-4:])


def play(address, seconds, size):
    draw = random.Random(1)
    with socket.create_connection((ask_name(address), 443)) as server:
        start = time.monotonic()
        for number in range(int(seconds / EVERY_S)):
            time.sleep(max(0, start + number * EVERY_S - time.monotonic()))
            wanted = int(size * draw.uniform(0.7, 1.3))
            head = RECORD + struct.pack('!H', REQUEST - 5)
            server.sendall((head + struct.pack('!I', wanted)).ljust(REQUEST, b'\0'))
            print(f'{time.time():.3f} {wanted}', flush=True)
            receive(server, wanted)
        time.sleep(max(0, start + seconds - time.monotonic()))


if __name__ == '__main__':
    if sys.argv[1] == 'serve':
        serve(sys.argv[2])
    else:
        play(sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
