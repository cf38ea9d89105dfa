# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab: labelled captures of real players over real servers and an emulated link."""
