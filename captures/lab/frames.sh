#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Encodes ten minutes (or QOE_LAB_SECONDS) of trivial pictures, five a second, at every size that a ladder declares, and a tone.
# Trivial, so that decoding costs next to nothing and many players fit one machine; the true size, so that the
# player's word about height is the decoder's. Titles pad these to the sizes of real films.  usage: frames.sh DIR
set -eu
mkdir -p "$1" && cd "$1"
seconds=${QOE_LAB_SECONDS:-600}
fragmented='-movflags +frag_keyframe+empty_moov+default_base_moof+dash -f mp4'

for size in 256x144 320x240 426x240 480x360 640x360 720x480 854x480 1280x720 1920x1080; do
    [ -s "v_$size.mp4" ] && continue
    echo "lab: encoding $size" >&2
    # shellcheck disable=SC2086
    ffmpeg -v error -y -f lavfi -i "color=c=0x204060:s=$size:r=5" \
        -vf "drawbox=x='mod(t*20,iw)':y=ih/3:w=iw/8:h=ih/8:color=red:t=fill" -t $seconds -c:v libx264 \
        -preset ultrafast -tune zerolatency -threads 1 -crf 30 -pix_fmt yuv420p -g 10 -keyint_min 10 -sc_threshold 0 -bf 0 \
        $fragmented part.mp4
    mv part.mp4 "v_$size.mp4"
done
[ -s a.mp4 ] && exit
ffmpeg -v error -y -f lavfi -i 'sine=frequency=220:sample_rate=48000' -t "$seconds" -c:a aac -b:a 32k -ac 2 \
    -movflags +empty_moov+default_base_moof+dash -frag_duration 2000000 -f mp4 part.mp4
mv part.mp4 a.mp4
