# SPDX-License-Identifier: GPL-2.0-or-later
"""The small world of one session: a client and a server in network namespaces with the link emulator between them.

It must run as the first process of private mount, PID and network namespaces (see ENTER): then the kernel takes everything
down when that process ends, however it ends, and nothing of it is ever seen outside."""
import os
import signal
import subprocess
import time

ENTER = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
SCRATCH = '/run/lab'            # on a tmpfs of this world's own
SITE = f'{SCRATCH}/site'        # what the web servers show
CLIENT4, CLIENT6 = '192.168.43.72', '2001:db8:43::72'
ROUTER4, ROUTER6 = '192.168.43.1', '2001:db8:43::1'
RESOLVER = '192.0.2.53'
MEDIA_HOSTS = {'cdn1.video.test': 11, 'cdn2.video.test': 12, 'cdn3.video.test': 13}
OTHER_HOSTS = {'www.video.test': 20, 'events.video.test': 21, 'web.example.test': 30}


def address(host, ip):
    """The address of one of the hosts: documentation ranges of RFC 5737 and RFC 3849."""
    last = {**MEDIA_HOSTS, **OTHER_HOSTS}[host]
    if ip == 6:
        return f'2001:db8:100::{last}'
    return f'198.51.100.{last}' if host in MEDIA_HOSTS else f'203.0.113.{last}'


def run(*command):
    """Runs a command; its error text tells what went wrong."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f'{" ".join(command)}: {done.stderr.strip() or done.returncode}')
    return done.stdout


class World:
    """Builds the namespaces and keeps the processes that run in them."""

    def __init__(self, log_folder):
        self.log_folder = log_folder
        self.processes = {}

    def start(self, name, *command, space=None):
        """Starts a process, in a namespace if one is named; its output goes to NAME.log.

        Ahead of all that is not real-time: on a busy machine a player's timers wait 30 times as long else (and niceness does not
        help: Chromium sets its own, and each session of processes shares the machine with others as one, sched(7))."""
        inside = ['chrt', '-r', '1', *(['ip', 'netns', 'exec', space] if space else [])]
        with open(f'{self.log_folder}/{name}.log', 'w') as log:
            self.processes[name] = subprocess.Popen(inside + list(command), stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        return self.processes[name]

    def stop(self, name, signal_number=signal.SIGTERM):
        """Ends a process and waits for it."""
        process = self.processes.pop(name)
        process.send_signal(signal_number)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop_all(self):
        for name in reversed(list(self.processes)):
            self.stop(name)

    def build(self, linkem, link, congestion):
        """Namespaces 'client' and 'server' with addresses and routes, joined by the emulated link."""
        run('mount', '-t', 'tmpfs', 'lab', '/run')
        os.makedirs(SITE)
        for space in ('client', 'server'):
            run('ip', 'netns', 'add', space)
            run('ip', '-n', space, 'link', 'set', 'lo', 'up')
            # Chromium drops what it is loading when an address changes, as one does seconds later that is first tried for twins.
            run('ip', 'netns', 'exec', space, 'sysctl', '-qw', 'net.ipv6.conf.default.dad_transmits=0', 'net.ipv6.conf.default.accept_dad=0')
        self._link(linkem, link)
        self._addresses()
        self._routes(congestion)

    def _link(self, linkem, link):
        trace = f'{SCRATCH}/down.trace'
        with open(trace, 'w') as file:
            file.writelines(f'{seconds} {kbps}\n' for seconds, kbps in link['trace'])
        # A little ahead of everybody else: late frames are the emulator's only sin.
        self.start('linkem', 'chrt', '-f', '10', linkem, 'tapc', 'taps', '-d', trace, '-u', str(link['up_kbps']),
                   '-D', str(link['delay_ms']), '-j', str(link['jitter_ms']), '-l', str(link['loss']),
                   '-q', str(link['queue_ms']), '-w', str(link['grid_ms']), '-S', str(link.get('seed', 1)))
        wait_until(lambda: _device('tapc') and _device('taps'), 'the link emulator')
        for space, tap, name, mac in (('client', 'tapc', 'wlan0', '02:11:22:33:44:0a'), ('server', 'taps', 'gw0', '02:aa:bb:cc:dd:01')):
            run('ip', 'link', 'set', tap, 'netns', space)
            run('ip', '-n', space, 'link', 'set', tap, 'address', mac, 'name', name, 'up')

    def _addresses(self):
        for space, device, four, six in (('client', 'wlan0', CLIENT4, CLIENT6), ('server', 'gw0', ROUTER4, ROUTER6)):
            run('ip', '-n', space, 'addr', 'add', f'{four}/24', 'dev', device)
            run('ip', '-n', space, 'addr', 'add', f'{six}/64', 'dev', device, 'nodad')
        for host in [*MEDIA_HOSTS, *OTHER_HOSTS]:
            run('ip', '-n', 'server', 'addr', 'add', address(host, 4) + '/32', 'dev', 'lo')
            run('ip', '-n', 'server', 'addr', 'add', address(host, 6) + '/128', 'dev', 'lo', 'nodad')
        run('ip', '-n', 'server', 'addr', 'add', RESOLVER + '/32', 'dev', 'lo')

    def _routes(self, congestion):
        run('ip', '-n', 'server', 'route', 'replace', '192.168.43.0/24', 'dev', 'gw0', 'src', ROUTER4, 'congctl', congestion)
        run('ip', '-n', 'server', '-6', 'route', 'replace', '2001:db8:43::/64', 'dev', 'gw0', 'congctl', congestion)
        run('ip', '-n', 'client', 'route', 'add', 'default', 'via', ROUTER4)
        run('ip', '-n', 'client', '-6', 'route', 'add', 'default', 'via', ROUTER6)


def _device(name):
    return subprocess.run(['ip', 'link', 'show', name], capture_output=True, check=False).returncode == 0


def wait_until(ready, what, seconds=20):
    """Polls until ready() holds."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError(f'{what} did not start within {seconds} s')
        time.sleep(0.02)
