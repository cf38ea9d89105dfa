# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sharkd
# Machines that ask sharkd get the same tree and tables.
printf '%s\n' '{"jsonrpc":"2.0","id":1,"method":"load","params":{"file":"'"$HTTP1"'"}}' \
    '{"jsonrpc":"2.0","id":2,"method":"tap","params":{"tap0":"nstat:qoe,servers"}}' \
    '{"jsonrpc":"2.0","id":3,"method":"tap","params":{"tap0":"stat:qoe"}}' |
    sharkd - 2>/dev/null | python3 -c '
import json, re, sys
for line in sys.stdin:
    answer = json.loads(line)
    said = json.dumps(answer.get("result", answer.get("error")), sort_keys=True)
    print(answer["id"], re.sub("QoE */* *Summary", "QoE Summary", said)[:1500])'
