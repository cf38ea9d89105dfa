# SPDX-License-Identifier: GPL-2.0-or-later
"""The bytes that carry a host's name: DNS query and answer (RFC 1035), TLS ClientHello with SNI (RFC 8446, RFC 6066)."""
import ipaddress
import struct

_TYPE = {4: 1, 6: 28}
_HELLO_BYTES = 517
_CIPHERS = bytes.fromhex('130113021303c02bc02fc02cc030')


def _labels(host):
    return b''.join(bytes([len(part)]) + part.encode() for part in host.split('.')) + b'\0'


def query(identity, host, ip):
    return struct.pack('>HHHHHH', identity, 0x0100, 1, 0, 0, 0) + _labels(host) + struct.pack('>HH', _TYPE[ip], 1)


def answer(identity, host, ip, address):
    data = ipaddress.ip_address(address).packed
    record = b'\xc0\x0c' + struct.pack('>HHIH', _TYPE[ip], 1, 60, len(data)) + data
    return struct.pack('>HHHHHH', identity, 0x8180, 1, 1, 0, 0) + _labels(host) + struct.pack('>HH', _TYPE[ip], 1) + record


def _extension(kind, data):
    return struct.pack('>HH', kind, len(data)) + data


def client_hello(host, dice):
    """A handshake record of 517 bytes, the padding extension (RFC 7685) making up the rest."""
    name = host.encode()
    extensions = _extension(0, struct.pack('>HBH', len(name) + 3, 0, len(name)) + name) + _extension(43, b'\x04\x03\x04\x03\x03')
    fixed = b'\x03\x03' + dice.randbytes(32) + b'\x20' + dice.randbytes(32) + struct.pack('>H', len(_CIPHERS)) + _CIPHERS + b'\x01\x00'
    padding = _HELLO_BYTES - 9 - len(fixed) - 2 - len(extensions) - 4
    extensions += _extension(21, bytes(padding))
    body = fixed + struct.pack('>H', len(extensions)) + extensions
    return b'\x16\x03\x01' + struct.pack('>H', len(body) + 4) + b'\x01' + len(body).to_bytes(3, 'big') + body
