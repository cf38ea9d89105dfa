# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections of HTTP/1.1, HTTP/2 and HTTP/3 over a link, in rounds of one congestion window.

Coarse on purpose: a round is sent at once and the link spreads it, which is what makes this hundreds of times faster than the
time it simulates. What a classifier can see is kept: sizes and times of requests, acknowledgements by their measured ratio,
holes and repairs, handshakes, how responses of one connection are mixed, aborted responses."""
from qoelab import pcap, world
from sim import names, wire

TCP_PAYLOAD, QUIC_PAYLOAD = 1448, 1252
_WINDOW_START, _IDLE_RESTART_S = 10, .3
_SERVER_FLIGHT = (1250, 1250, 1250)     # certificate and the like
_QUICK_ACKS = 16                        # a new connection acknowledges each packet
# What a body grows to: TLS records or QUIC headers, and the response's head.
_BODY_GROWS = {'h1': 1 / .9955, 'h2': 1 / .9955, 'h3': 1 / .98}
_HEAD_BYTES = 350
_TURN = 8       # packets of one stream before the next one's, where a connection mixes them: nginx' chunks of 8 kB, and caddy
# Caddy mixes responses always; nginx' HTTP/2 does where the socket takes less than a response at once, which is where nothing is
# lost and the window grows. Shares measured in the lab: pairs of responses under way together of which both had begun.
_H2_MIXES = {True: .55, False: .12}


class Response:
    """What is still to be sent of one response, and what has come."""

    def __init__(self, size, done):
        self.size, self.left, self.got, self.done = size, size, 0, done
        self.start_s, self.first_s, self.last_s = 0.0, None, 0.0
        self.ready_s = float('inf')     # when the server starts to answer
        self.aborted = False


class Connection:
    """One connection; request() may be called at any time, responses of one connection share its window."""

    def __init__(self, net, http, host, port):
        self.net, self.http, self.host = net, http, host
        self.quic = http == 'h3'
        self.flow = wire.Flow(net.ip, pcap.UDP if self.quic else pcap.TCP, port, net.address(host))
        self.payload = QUIC_PAYLOAD if self.quic else TCP_PAYLOAD
        self.window, self.threshold = float(_WINDOW_START), 1e9
        self.down_seq = net.dice.randrange(1 << 31)
        self.responses, self.repairs = [], []
        self.opened_s, self.last_s, self.last_arrival_s = None, -9.0, -9.0
        self.unacked, self.acks, self.sending = 0, 0, False
        smooth = net.down.loss == 0 and net.congestion != 'bbr'
        self.mixes = self.quic or (http == 'h2' and net.dice.random() < _H2_MIXES[smooth])

    @property
    def idle(self):
        return not self.responses

    # --- packets -------------------------------------------------------------------------------------------------------

    def _up(self, time_s, length, payload=b'', flags=pcap.PSH | pcap.ACK):
        self.net.capture.add(time_s, True, self.flow, length, flags=flags, payload=payload)

    def _down(self, time_s, length, seq, flags=pcap.ACK):
        self.net.capture.add(time_s, False, self.flow, length, seq, flags)

    def _acknowledge(self, arrival_s, end_of_round):
        """One for two packets on a slow link, one for four when they come in bursts, one for each while there are holes."""
        gap_s, self.last_arrival_s = arrival_s - self.last_arrival_s, arrival_s
        self.unacked += 1
        enough = 2 if gap_s > .0012 else 4
        if self.repairs or self.acks < _QUICK_ACKS or gap_s > .02 or self.unacked >= enough or end_of_round:
            self.acks, self.unacked = self.acks + 1, 0
            self._up(arrival_s + 4e-5, self.net.dice.randint(28, 31) if self.quic else 0, flags=pcap.ACK)

    # --- handshake -----------------------------------------------------------------------------------------------------

    def _open(self):
        """Hello and certificate; returns when the first request may leave."""
        clock, trip_s = self.net.clock, 2 * self.net.down.delay_s + .002
        now = clock.now_s
        if self.quic:
            self._up(now, 1250)
            self._up(now + 1e-4, 1250)
        else:
            self._up(now, 0, flags=pcap.SYN)
            self._down(now + trip_s, 0, self.down_seq, pcap.SYN | pcap.ACK)
            self.down_seq += 1
            now += trip_s
            self._up(now + 5e-5, 0, flags=pcap.ACK)
            self._up(now + 6e-4, 517, names.client_hello(self.host, self.net.dice))
        arrival = now + trip_s
        for length in _SERVER_FLIGHT:
            arrival = self.net.down.send(arrival - self.net.down.delay_s, length + 66) or arrival + trip_s
            self._down(arrival, length, self.down_seq)
            self.down_seq += length
        self._up(arrival + .001, 80)
        self.opened_s = arrival + .002

    # --- requests and responses ----------------------------------------------------------------------------------------

    def request(self, request_bytes, body_bytes, done):
        """Asks for a body; done(response) is called when its last byte has come. Returns the response."""
        response = Response(int(body_bytes * _BODY_GROWS[self.http]) + _HEAD_BYTES, done)
        if self.opened_s is None:
            self._open()
        clock = self.net.clock
        response.start_s = max(clock.now_s, self.opened_s)
        self.responses.append(response)
        clock.at(response.start_s, self._send_request, request_bytes, response)
        return response

    def _send_request(self, request_bytes, response):
        clock = self.net.clock
        self._up(clock.now_s, request_bytes)
        if clock.now_s - self.last_s > _IDLE_RESTART_S:
            self.window = float(_WINDOW_START)
        response.ready_s = clock.now_s + self.net.down.delay_s + self.net.dice.uniform(.001, .004)
        clock.at(response.ready_s, self._wake)

    def _wake(self):
        if not self.sending:
            self.sending = True
            self._round()

    def _ready(self):
        now = self.net.clock.now_s
        return [r for r in self.responses if r.left > 0 and r.ready_s <= now]

    def _plan(self, count):
        """Which response each packet of a round is for."""
        ready = self._ready()
        plan, left = [], {r: -(-r.left // self.payload) for r in ready}
        while ready and len(plan) < count:
            turn = min(left[ready[0]], _TURN if self.mixes else count, count - len(plan))
            plan += [ready[0]] * turn
            left[ready[0]] -= turn
            if left[ready[0]] == 0:
                ready.pop(0)
            elif self.mixes:
                ready.append(ready.pop(0))
        return plan

    def _round(self):
        """Sends one window: what was lost first, then what is new; the next round when this one has left the queue."""
        now = self.net.clock.now_s
        repairs, self.repairs = self.repairs, []
        jobs = [job for job in repairs if not job[0].aborted]
        for response in self._plan(max(1, int(self.window)) - len(jobs)):
            length = min(self.payload, response.left)
            response.left -= length
            jobs.append((response, self.down_seq, length))
            self.down_seq += length
        if not jobs:
            self.sending = False
            return
        arrivals, lost = self._send_jobs(jobs, now)
        self._adapt(lost, len(jobs))
        self.last_s = arrivals[-1] if arrivals else now
        trip_s = 2 * self.net.down.delay_s + .001
        wait_s = max(trip_s, self.last_s - self.net.down.delay_s - now) + (trip_s if lost else 0)
        self.net.clock.after(wait_s if arrivals else max(wait_s, .2), self._round)

    def _send_jobs(self, jobs, now):
        arrivals, lost, overhead = [], 0, 42 if self.quic else 66
        for position, (response, seq, length) in enumerate(jobs):
            arrival = self.net.down.send(now + position * 1e-6, length + overhead)
            if arrival is None:
                lost += 1
                self.repairs.append((response, seq, length))
                continue
            arrivals.append(arrival)
            self._down(arrival, length, seq)
            self._arrived(response, length, arrival)
            self._acknowledge(arrival, position == len(jobs) - 1)
        return arrivals, lost

    def _arrived(self, response, length, arrival):
        response.first_s = response.first_s or arrival
        response.last_s, response.got = arrival, response.got + length
        if response.got >= response.size:
            self.net.clock.at(arrival, self._finish, response)

    def _finish(self, response):
        if not response.aborted:
            self.responses.remove(response)
            response.done(response)

    def _adapt(self, lost, sent):
        """Doubling, then slowly more; a loss takes 30 %. BBR heeds no loss but holds two rounds' worth of the link's rate."""
        if self.net.congestion == 'bbr':
            rate, _ = self.net.down.rate(self.net.clock.now_s)
            self.window = max(4.0, min(self.window * 2, 2 * rate / 8 * (2 * self.net.down.delay_s + .002) / self.payload))
        elif lost:
            self.window = max(4.0, self.window * .7)
            self.threshold = self.window
        elif self.window < self.threshold:
            self.window = min(self.window * 2, self.window + sent)
        else:
            self.window += max(1.0, self.window * .03)

    def abort(self, response):
        """The player gives a response up: HTTP/1.1 must close the connection, the others reset the stream."""
        response.aborted, response.left = True, 0
        if response in self.responses:
            self.responses.remove(response)
        if self.http == 'h1':
            self._up(self.net.clock.now_s, 0, flags=pcap.FIN | pcap.ACK)
        else:
            self._up(self.net.clock.now_s, 35)


class Network:
    """All that the connections of a session share: clock, link, capture, names; and the browser's pool of connections."""

    def __init__(self, profile, clock, down, capture, dice, address):
        self.clock, self.down, self.capture, self.dice = clock, down, capture, dice
        self.ip, self.http, self.congestion = profile['ip'], profile['http'], profile['congestion']
        self._address, self._connections, self._resolved = address, {}, {}
        self._port = dice.randint(35000, 50000)

    def address(self, host):
        return self._address(host, self.ip)

    def _resolve(self, host):
        """Query and answer go before the first connection to a host; returns when the answer is there."""
        if host not in self._resolved:
            now, identity = self.clock.now_s, self.dice.randrange(1 << 16)
            asked = wire.Flow(4, pcap.UDP, self.dice.randint(35000, 60000), world.RESOLVER, 53)
            came_s = now + 2 * self.down.delay_s + .001
            query, answer = names.query(identity, host, self.ip), names.answer(identity, host, self.ip, self.address(host))
            self.capture.add(now, True, asked, len(query), payload=query)
            self.capture.add(came_s, False, asked, len(answer), payload=answer)
            self._resolved[host] = came_s
        return self._resolved[host]

    def connection(self, host):
        """HTTP/1.1 takes the connection that was idle last or opens one more; the others have one per host."""
        pool = self._connections.setdefault(host, [])
        idle = [c for c in pool if c.idle or self.http != 'h1']
        if idle:
            return max(idle, key=lambda c: c.last_s)
        self._port += self.dice.randint(2, 6)
        pool.append(Connection(self, self.http, host, self._port))
        return pool[-1]

    def get(self, host, request_bytes, body_bytes, done):
        """A request to a host once its name is known. done(response); returns a Transfer, which can be aborted."""
        transfer = Transfer(self)
        self.clock.at(self._resolve(host), transfer.begin, host, request_bytes, body_bytes, done)
        return transfer

    def drop(self, connection):
        self._connections[connection.host].remove(connection)


class Transfer:
    """A request that may still be waiting for its host's name."""

    def __init__(self, net):
        self.net, self.connection, self.response = net, None, None

    def begin(self, host, request_bytes, body_bytes, done):
        self.connection = self.net.connection(host)
        self.response = self.connection.request(request_bytes, body_bytes, done)

    @property
    def got(self):
        """Bytes that have come by now, and by the end of the round that is under way."""
        return self.response.got if self.response else 0

    def abort(self):
        if self.response and not self.response.aborted:
            self.connection.abort(self.response)
            if self.net.http == 'h1':
                self.net.drop(self.connection)
