# SPDX-License-Identifier: GPL-2.0-or-later
# needs: transum
# Wireshark's own postdissector beside ours: the same fields. It is a plugin that lies in Wireshark's folder, of which our
# own takes the place.
columns="-Y qoe.segment -T fields -E separator=, -e frame.number -e qoe.segment -e qoe.segment.kind -e qoe.segment.bytes"
# shellcheck disable=SC2086
tshark -r "$HTTP1" $columns >alone

cp -R "$WIRESHARK_PLUGIN_DIR" both
cp "$(env -u WIRESHARK_PLUGIN_DIR tshark -G plugins | awk '/transum\.so/ { print $NF }')" both/*/epan/
export WIRESHARK_PLUGIN_DIR=$PWD/both
echo "protocols: $(tshark -G protocols | cut -f3 | grep -x -e qoe -e transum | sort | tr '\n' ' ')"
# shellcheck disable=SC2086
tshark -r "$HTTP1" --enable-protocol transum $columns >beside
same "beside transum" alone beside
