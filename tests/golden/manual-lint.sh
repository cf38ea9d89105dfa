# SPDX-License-Identifier: GPL-2.0-or-later
# needs: mandoc
# The manual page is sound to both families of formatters.
mandoc -T lint -W warning "$TOOLS/qoe.4"
groff -ww -mdoc -T utf8 "$TOOLS/qoe.4" | grep -q "Wireshark" && echo formatted
