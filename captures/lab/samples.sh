#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the small captures of captures/lab-samples again: one session for each thing that a test wants to see.
# usage: samples.sh DIR      (about eight minutes)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

# sample NAME SECONDS PROFILE [MORE]
sample() {
    [ -s "$out/$1.pcap.zst" ] && return
    sh "$here/run.sh" --sessions 1 --duration "$2" --jobs 1 --out "$work/$1" --only "$3" ${4:-}
    [ -s "$work/$1/lab_0001.pcap.zst" ] || { cat "$work/$1/thrown.csv"; echo "samples: $1 was thrown away" >&2; exit 1; }
    for part in pcap.zst labels.csv segments.csv; do
        cp "$work/$1/lab_0001.$part" "$out/$1.$part"
    done
}

# network TRACE MORE
network() {
    echo "\"network\": {\"cross\": null, \"loss\": 0, \"jitter_ms\": 1, \"delay_ms\": 12, \"grid_ms\": 0, \"queue_ms\": 200, \"trace\": $1}"
}

common='"actions": [], "tls_record": "16k", "congestion": "cubic"'
plain='"play": {"buffer_s": 20, "start_kbps": 1000}'

sample http1 90 "{\"player\": \"dash\", \"http\": \"h1\", \"tls\": \"TLSv1.3\", \"ip\": 4, \"title_number\": 3, $common, $plain, $(network '[[0, 3000]]')}"
sample http2 90 "{\"player\": \"hls\", \"http\": \"h2\", \"tls\": \"TLSv1.2\", \"ip\": 4, \"title_number\": 4, $common, $plain, $(network '[[0, 2500]]')}"
sample http3 90 "{\"player\": \"shaka\", \"http\": \"h3\", \"ip\": 4, \"title_number\": 4, $common, $plain, $(network '[[0, 2500]]')}"
sample stall 90 "{\"player\": \"hls\", \"http\": \"h1\", \"tls\": \"TLSv1.3\", \"ip\": 4, \"title_number\": 3, $common,
    \"play\": {\"buffer_s\": 15, \"start_kbps\": 1000}, $(network '[[0, 3000], [25, 60], [60, 3000], [120, 3000]]')}"
sample switch 90 "{\"player\": \"dash\", \"http\": \"h1\", \"tls\": \"TLSv1.3\", \"ip\": 4, \"title_number\": 9, $common,
    \"play\": {\"buffer_s\": 12, \"start_kbps\": 1000, \"rule\": \"throughputRule\"}, $(network '[[0, 700], [30, 6000], [60, 1200], [120, 1200]]')}"
sample ipv6 60 "{\"player\": \"nflike\", \"http\": \"h1\", \"tls\": \"TLSv1.2\", \"ip\": 6, \"title_number\": 8, $common,
    \"play\": {\"buffer_s\": 60, \"cap_kbps\": 700, \"start_kbps\": 700}, $(network '[[0, 4000]]')}"

# Whole packets, of which the heads of TLS records stay.
[ -s "$out/whole.pcap.zst" ] || {
    sample whole 150 "{\"player\": \"hls\", \"http\": \"h2\", \"tls\": \"TLSv1.3\", \"ip\": 4, \"title_number\": 223, \"tls_record\": \"4k\", \"congestion\": \"cubic\",
    \"audio_host\": \"cdn3.video.test\", \"video_host\": \"cdn3.video.test\", \"actions\": [{\"at_s\": 41, \"do\": \"seek\", \"to_s\": 173}],
    \"play\": {\"buffer_s\": 30, \"start_kbps\": 400}, $(network '[[0, 1269], [27.76, 311], [99.59, 3676], [169, 3676]]')}" --keep-work
    cd "$here"
    python3 -m qoelab.heads "$work/whole/work/lab_0001/capture.pcap" "$out/whole.pcap.zst"
}
