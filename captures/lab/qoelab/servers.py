# SPDX-License-Identifier: GPL-2.0-or-later
"""Configures the servers of a session: nginx for HTTP/1.1 and HTTP/2, caddy for HTTP/3, dnsmasq for names."""
import os

from qoelab import titles, world

_PLAYER_FILES = {'dash.js': 'dashjs/dist/modern/umd/dash.all.min.js', 'shaka.js': 'shaka-player/dist/shaka-player.compiled.js',
                 'hls.js': 'hls.js/dist/hls.min.js', 'video.js': 'video.js/dist/video.min.js'}
CROSS_BYTES = 1 << 30


def _all_hosts():
    return [*world.MEDIA_HOSTS, *world.OTHER_HOSTS]


def lay_out_site(cache, web):
    """One folder that every host shows: the page, the players, the titles, the session's manifests, a file for cross traffic."""
    os.makedirs(f'{world.SITE}/s')
    os.symlink(titles.folder(cache), f'{world.SITE}/titles')
    for name in ('page.html', 'recorder.js', 'players.js', 'rangeplayer.js'):
        os.symlink(f'{web}/{name}', f'{world.SITE}/{name}')
    for name, path in _PLAYER_FILES.items():
        os.symlink(f'{cache}/node_modules/{path}', f'{world.SITE}/{name}')
    with open(f'{world.SITE}/blob', 'wb') as file:
        file.truncate(CROSS_BYTES)


def nginx(cache, http, tls, tls_record):
    """The text of nginx.conf."""
    h2 = ' http2' if http == 'h2' else ''
    listen = '\n  '.join(f'listen {world.address(h, 4)}:443 ssl{h2}; listen [{world.address(h, 6)}]:443 ssl{h2};' for h in _all_hosts())
    paths = '\n '.join(f'{name}_temp_path {world.SCRATCH}/{name};' for name in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
    return f'''user root; worker_processes 1; daemon off; pid {world.SCRATCH}/nginx.pid; error_log stderr warn;
events {{ worker_connections 512; }}
http {{
 types {{ text/html html; application/javascript js; video/mp4 mp4 m4s; application/dash+xml mpd; application/vnd.apple.mpegurl m3u8; application/json json; }}
 default_type application/octet-stream; access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_timeout 75s;
 {paths}
 gzip on; gzip_types application/javascript application/dash+xml application/vnd.apple.mpegurl application/json;
 server {{
  {listen}
  ssl_certificate {cache}/tls/chain.crt; ssl_certificate_key {cache}/tls/host.key; ssl_protocols {tls}; ssl_buffer_size {tls_record};
  root {world.SITE};
  add_header Access-Control-Allow-Origin *; add_header Timing-Allow-Origin *; add_header Cache-Control no-store;
  location = /b {{ return 204; }}
 }}
}}
'''


def caddy(cache):
    """The text of a Caddyfile. The bind list matters: without it QUIC replies leave from the wrong address."""
    binds = ' '.join(world.address(h, ip) for h in _all_hosts() for ip in (4, 6))
    return f'''{{
 auto_https off
 admin off
 servers {{
  protocols h1 h2 h3
 }}
}}
https://*.video.test:443, https://*.example.test:443 {{
 bind {binds}
 tls {cache}/tls/chain.crt {cache}/tls/host.key
 header Access-Control-Allow-Origin *
 header Timing-Allow-Origin *
 header Cache-Control no-store
 encode gzip
 respond /b 204
 root * {world.SITE}
 file_server
}}
'''


def dnsmasq(ip):
    """The text of dnsmasq.conf: each host has an address of one family only, so the session's family is sure."""
    names = '\n'.join(f'address=/{host}/{world.address(host, ip)}' for host in _all_hosts())
    return f'''no-resolv
no-hosts
listen-address={world.RESOLVER}
bind-interfaces
cache-size=0
local-ttl=60
pid-file={world.SCRATCH}/dnsmasq.pid
user=root
{names}
'''


def start(here, cache, profile):
    """Starts the name server and the web server that the profile's HTTP version needs."""
    def written(name, text):
        path = f'{world.SCRATCH}/{name}'
        with open(path, 'w') as file:
            file.write(text)
        return path
    here.start('dnsmasq', 'dnsmasq', '--no-daemon', '-C', written('dnsmasq.conf', dnsmasq(profile['ip'])), space='server')
    if profile['http'] == 'h3':
        here.start('web', 'env', f'HOME={world.SCRATCH}', 'GOMAXPROCS=2', 'caddy', 'run', '--adapter', 'caddyfile',
                   '--config', written('Caddyfile', caddy(cache)), space='server')
    else:
        here.start('web', 'nginx', '-p', world.SCRATCH, '-c',
                   written('nginx.conf', nginx(cache, profile['http'], profile['tls'], profile['tls_record'])), space='server')
