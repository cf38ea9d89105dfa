# SPDX-License-Identifier: GPL-2.0-or-later
# A filter behind the statistics' name holds for it.
tshark -r "$HTTP1" -q -z 'qoe,tree,frame.time_relative < 60'
tshark -r "$HTTP1" -q -z 'qoe,segments,qoe.segment.kind == "audio" and frame.time_relative < 30'
