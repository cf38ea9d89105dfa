# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
tshark -r "$HTTP1" -q -z expert | grep ' QoE ' | sort
