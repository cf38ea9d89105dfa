# SPDX-License-Identifier: GPL-2.0-or-later
# A disabled protocol stays out.
tshark -r "$HTTP1" --disable-protocol qoe -Y qoe
tshark -r "$HTTP1" --disable-protocol qoe -q -z qoe,tree
# Nothing was looked for: no table, which would say that there is nothing, but a status for the shell.
for format in csv json; do
    status=0
    tshark -r "$HTTP1" --disable-protocol qoe -q -z qoe,export,servers,$format,- || status=$?
    echo "$format: status $status"
done
