# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sharkd
# needs: lua
# A script that listens to our tap makes one capture of two no more than anybody else: each is for itself.
plugins=home/.local/lib/wireshark/plugins
mkdir -p $plugins
echo 'local tap = Listener.new("qoe")
function tap.packet() end' >$plugins/listens.lua
printf '%s\n' '{"jsonrpc":"2.0","id":1,"method":"load","params":{"file":"'"$HTTP1"'"}}' \
    '{"jsonrpc":"2.0","id":2,"method":"load","params":{"file":"'"$HTTP2"'"}}' \
    '{"jsonrpc":"2.0","id":3,"method":"tap","params":{"tap0":"nstat:qoe,sessions"}}' |
    HOME=$PWD/home sharkd - 2>/dev/null | python3 -c '
import json, sys
for line in sys.stdin:
    print([row[:5] for tap in json.loads(line)["result"].get("taps", []) for table in tap["tables"] for row in table["i"]])'
