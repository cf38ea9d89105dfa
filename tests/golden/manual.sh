# SPDX-License-Identifier: GPL-2.0-or-later
# The manual page speaks of every field, preference, statistic and export column that there is.
{
    tshark -G fields | cut -f3 | grep '^qoe\.'
    tshark -G defaultprefs | sed -n 's/^#\(qoe\.[a-z]*\):.*/\1/p'
    tshark -z help 2>&1 | grep -o 'qoe,[a-z]*'
    for kind in servers segments windows sessions; do
        tshark -r "$HTTP1" -q -z "qoe,export,$kind,csv,-" | sed -n 1p | tr ',' '\n' | grep -v '^p_[0-9]*$'
    done
} | sort -u >words
[ "$(wc -l <words)" -gt 80 ] || echo "too few words: $(wc -l <words)"
while read -r word; do
    grep -qwF -e "$word" "$TOOLS/qoe.4" || echo "not in qoe.4: $word"
done <words
grep -o 'qoe\.[a-z_.]*[a-z]' "$TOOLS/qoe.4" | sort -u | grep -v -e '^qoe\.so$' -e '^qoe\.qoemodel$' >said
while read -r word; do
    grep -qxF -e "$word" words || echo "only in qoe.4: $word"
done <said
echo "compared"
