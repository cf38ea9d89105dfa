# SPDX-License-Identifier: GPL-2.0-or-later
# Every field there is, with its type and description.
tshark -G fields | awk -F'\t' '$1 == "F" && $3 ~ /^qoe\./ { print $3 "\t" $4 "\t" $2 "\t" $NF }' | sort
