# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# The plugin without its folder: said once where resolutions are asked for, and nowhere else; the columns stay.
tshark -r "$HTTP1" -q -z qoe,export,windows,csv,with.csv
cp -R "$WIRESHARK_PLUGIN_DIR" plugins
chmod -R u+w plugins
rm -r plugins/*/qoe
export WIRESHARK_PLUGIN_DIR="$PWD/plugins"
told() { grep -e 'model cannot be used' said || echo nothing; }
try() { status=0; tshark -r "$HTTP1" "$@" >out 2>said || status=$?; echo "$*: status $status"; told; }
try -q -z qoe,export,windows,csv,windows.csv -z qoe,export,sessions,csv,sessions.csv
try -q -z qoe,export,windows,json,windows.json
for statistic in windows sessions tree graph graph,graph.svg; do
    try -q -z qoe,$statistic
done
try -Y qoe.window
try -q -z io,stat,0
head -1 with.csv >with
head -1 windows.csv >without
same 'csv head' with without
python3 -c 'import json, sys; print(",".join(json.load(open("windows.json"))[0]))' >without
same 'json names' with without
