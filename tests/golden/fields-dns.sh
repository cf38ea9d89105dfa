# SPDX-License-Identifier: GPL-2.0-or-later
# The DNS answers that name the film's servers.
tshark -r "$HTTP1" -Y 'qoe and dns' -T fields -e frame.number -e qoe.server -e qoe.server.name
