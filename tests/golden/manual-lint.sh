# SPDX-License-Identifier: GPL-2.0-or-later
# needs: mandoc
# The manual pages are sound to both families of formatters.
for page in qoe.4 qoe-train.1; do
    mandoc -T lint -W warning "$TOOLS/$page"
    groff -ww -mdoc -T utf8 "$TOOLS/$page" | grep -qi "wireshark" && echo "$page: formatted"
done
