# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab without a browser: the same titles, networks and rules in a simulation, for volume."""
