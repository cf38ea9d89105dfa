# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
tshark -r "$HTTP2" -q -z qoe,windows
