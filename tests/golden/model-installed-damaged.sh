# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# Damage in one expert of the installed model: told once, when that expert is asked for, and its windows have no resolution;
# who asks for another one is not bothered.
cp -R "$WIRESHARK_PLUGIN_DIR" plugins
chmod -R u+w plugins
model=$(ls plugins/*/qoe/*.qoemodel | head -1)
awk '$1 == "expert" { lab = $2 == "lab" } lab && $1 == "SV" { behind = NR } behind && NR == behind + 3 { $0 = "1 2 three" } 1' \
    "$model" >damaged
mv damaged "$model"
export WIRESHARK_PLUGIN_DIR="$PWD/plugins"
told() { sed -e 's,[^ ]*/,,' -e 's/:[0-9]*:/:LINE:/'; }
tshark -r "$HTTP1" -q -z qoe,export,windows,csv,windows.csv 2>&1 | told
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $c["resolution"], $c["reason"] }' windows.csv | sort | uniq -c
tshark -r "$HTTP1" -q -z qoe,graph 2>&1 | grep 'model' | told
tshark -r "$HTTP1" -o 'uat:qoe_services:"Mine","video.test"' -o qoe.untagged:TRUE -q -z qoe,export,windows,csv,windows.csv 2>&1
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $c["service"], $c["reason"] }' windows.csv | sort | uniq -c
