# SPDX-License-Identifier: GPL-2.0-or-later
# needs: preload
# Edit > Time Shift between two visits of a packet changes the time that Wireshark shows, and none of our fields.
cat >shift.c <<'EOF'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <epan/frame_data.h>
void frame_data_set_before_dissect(frame_data *frame, nstime_t *elapsed, const frame_data **reference,
                                   const frame_data *previous)
{
    static void (*wrapped)(frame_data *, nstime_t *, const frame_data **, const frame_data *);
    if (!wrapped)
        *(void **)&wrapped = dlsym(RTLD_NEXT, "frame_data_set_before_dissect");
    if (frame->visited) {
        frame->abs_ts.secs += atoi(getenv("SHIFT"));
        frame->shift_offset.secs += atoi(getenv("SHIFT"));
    }
    wrapped(frame, elapsed, reference, previous);
}
EOF
# shellcheck disable=SC2046
cc -shared -fPIC -o shift.so shift.c $(pkg-config --cflags wireshark)
for shift in 0 30 3600 -60; do
    LD_PRELOAD=$PWD/shift.so SHIFT=$shift tshark -2 -r "$HTTP1" -Y qoe -T fields -e frame.time_epoch -e qoe.session \
        -e qoe.window -e qoe.resolution -e qoe.segment >all
    head -1 all | cut -c 1-10
    cut -f 2- all >fields.$shift
    same "shifted by $shift s" fields.0 fields.$shift
done
