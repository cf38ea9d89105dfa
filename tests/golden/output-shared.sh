# SPDX-License-Identifier: GPL-2.0-or-later
# needs: stdout
# Standard output may be shared by outputs, by either of its names, whether it is a file or a pipe.
editcap -r "$HTTP1" small.pcap 1-300 2>/dev/null
two() {
    tshark -r small.pcap -q -z qoe,export,servers,csv,"$1" -z qoe,export,sessions,csv,"$2"
}
for first in - /dev/stdout; do
    for second in - /dev/stdout; do
        two $first $second >file
        echo "$first and $second: $(grep -c -e ^service -e ^session, file) tables in a file," \
            "$(two $first $second | grep -c -e ^service -e ^session,) in a pipe"
    done
done
