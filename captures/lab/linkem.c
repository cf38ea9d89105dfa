/* linkem.c - user-space link emulator between two TAP devices
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Works where the kernel has no netem, and gives real Ethernet frames without
 * offload super-packets. One direction is a queue with a rate (a step function
 * of time), a drop-tail limit, a delay with jitter, random loss, and an
 * optional grid of departure times like the aggregation of Wi-Fi.
 *
 * linkem CLIENT_TAP SERVER_TAP [-d TRACE] [-u KBPS] [-D MS] [-j MS] [-l P] [-q MS] [-w MS] [-S SEED]
 *   -d  downlink rates, lines "seconds kbit/s"; starts again after the last line's time
 *   -u  uplink rate          -D  one-way delay        -j  jitter (half-normal, keeps the order)
 *   -l  downlink loss 0..1   -q  queue limit as milliseconds of the current rate
 *   -w  departure grid of the downlink in ms, 0 = none
 * Prints one line of JSON when it ends: how late frames left, what was dropped.
 */
#define _GNU_SOURCE /* ppoll */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

enum { RING_LEN = 16384, FRAME_MAX = 1600, STEPS_MAX = 65536, READ_BURST = 64 };
static const double QUEUE_MIN_BYTES = 32000; /* a queue of a few packets would starve slow links */
static const int WIRE_OVERHEAD = 24;         /* preamble, check sequence and gap of Ethernet */

typedef struct {
    double leave_s; /* when it reaches the other side */
    double sent_s;  /* when its last bit has left the queue */
    size_t len;
    unsigned char bytes[FRAME_MAX];
} frame_t;

typedef struct {
    int out_fd;
    frame_t *ring;
    uint32_t head, tail, sent; /* next to deliver, next free, first still in the queue */
    double last_sent_s, last_leave_s, queue_bytes;
    double delay_s, jitter_s, loss, queue_s, grid_s;
    double *step_s, *step_kbps, period_s;
    int steps;
    unsigned long frames, dropped_queue, dropped_loss, delivered, late_5ms;
    double late_sum_s, late_max_s;
} direction_t;

static volatile sig_atomic_t stopping;
static double origin_s;

static void on_signal(int signal_number)
{
    (void)signal_number;
    stopping = 1;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double uniform(void)
{
    return ((double)random() + 0.5) / 2147483648.0;
}

static double half_normal(void)
{
    return fabs(sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform()));
}

static int open_tap(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    if (fd < 0)
        die("/dev/net/tun");
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (ioctl(fd, TUNSETIFF, &request) < 0)
        die("TUNSETIFF");
    return fd;
}

/* Bits per second at a time since the start, and when that step ends. */
static double rate_at(const direction_t *d, double t_s, double *end_s)
{
    if (d->steps == 1) {
        *end_s = INFINITY;
        return d->step_kbps[0] * 1e3;
    }
    double base_s = floor(t_s / d->period_s) * d->period_s;
    int low = 0, high = d->steps - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (d->step_s[middle] <= t_s - base_s)
            low = middle;
        else
            high = middle - 1;
    }
    *end_s = base_s + (low + 1 < d->steps ? d->step_s[low + 1] : d->period_s);
    return d->step_kbps[low] * 1e3;
}

/* When a frame whose first bit leaves at from_s has left whole. */
static double sent_at(const direction_t *d, double from_s, double bits)
{
    for (;;) {
        double end_s, rate = fmax(rate_at(d, from_s - origin_s, &end_s), 1);
        end_s += origin_s;
        if (from_s + bits / rate <= end_s)
            return from_s + bits / rate;
        bits -= (end_s - from_s) * rate;
        from_s = end_s + 1e-9;
    }
}

static void forget_sent(direction_t *d, double t_s)
{
    while (d->sent != d->tail && d->ring[d->sent % RING_LEN].sent_s <= t_s)
        d->queue_bytes -= (double)d->ring[d->sent++ % RING_LEN].len;
}

static bool queue_has_room(direction_t *d, double len, double t_s)
{
    double end_s, limit = rate_at(d, t_s - origin_s, &end_s) / 8 * d->queue_s;
    return d->queue_bytes + len <= fmax(limit, QUEUE_MIN_BYTES) && d->tail - d->head < RING_LEN;
}

static double leaves_at(direction_t *d, double sent_s)
{
    double leave_s = sent_s + d->delay_s + (d->jitter_s > 0 ? half_normal() * d->jitter_s : 0);
    if (d->grid_s > 0)
        leave_s = ceil(leave_s / d->grid_s) * d->grid_s;
    return fmax(leave_s, d->last_leave_s); /* a link never reorders */
}

static void enqueue(direction_t *d, const unsigned char *bytes, size_t len, double t_s)
{
    if (d->loss > 0 && uniform() < d->loss) {
        d->dropped_loss++;
        return;
    }
    forget_sent(d, t_s);
    if (!queue_has_room(d, (double)len, t_s)) {
        d->dropped_queue++;
        return;
    }
    frame_t *frame = &d->ring[d->tail++ % RING_LEN];
    frame->sent_s = sent_at(d, fmax(d->last_sent_s, t_s), (double)(len + (size_t)WIRE_OVERHEAD) * 8);
    frame->leave_s = leaves_at(d, frame->sent_s);
    frame->len = len;
    memcpy(frame->bytes, bytes, len);
    d->last_sent_s = frame->sent_s;
    d->last_leave_s = frame->leave_s;
    d->queue_bytes += (double)len;
    d->frames++;
}

static void note_lateness(direction_t *d, double late_s)
{
    d->delivered++;
    d->late_sum_s += late_s;
    d->late_max_s = fmax(d->late_max_s, late_s);
    d->late_5ms += late_s > 0.005;
}

/* Delivers what is due and returns when the next frame will be. */
static double deliver(direction_t *d, double t_s)
{
    while (d->head != d->tail) {
        frame_t *frame = &d->ring[d->head % RING_LEN];
        if (frame->leave_s > t_s)
            return frame->leave_s;
        forget_sent(d, frame->sent_s);
        note_lateness(d, t_s - frame->leave_s);
        if (write(d->out_fd, frame->bytes, frame->len) < 0 && errno != EAGAIN && errno != EIO)
            die("write");
        d->head++;
    }
    return INFINITY;
}

static void read_frames(int fd, direction_t *d)
{
    unsigned char bytes[FRAME_MAX];
    for (int i = 0; i < READ_BURST; i++) {
        ssize_t len = read(fd, bytes, sizeof bytes);
        if (len <= 0)
            return;
        enqueue(d, bytes, (size_t)len, now_s());
    }
}

static void wait_for(double until_s, struct pollfd *fds)
{
    double wait_s = fmin(fmax(until_s - now_s(), 0), 0.5);
    struct timespec timeout = {0, (long)(wait_s * 1e9)};
    if (ppoll(fds, 2, &timeout, NULL) < 0 && errno != EINTR)
        die("ppoll");
}

static void read_trace(direction_t *d, const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        die(path);
    d->steps = 0;
    while (d->steps < STEPS_MAX && fscanf(file, "%lf %lf", &d->step_s[d->steps], &d->step_kbps[d->steps]) == 2)
        d->steps++;
    fclose(file);
    if (d->steps > 1) /* the last line only tells where the trace starts again */
        d->period_s = d->step_s[--d->steps];
}

static void init_direction(direction_t *d, int out_fd)
{
    d->out_fd = out_fd;
    d->ring = calloc(RING_LEN, sizeof *d->ring);
    d->step_s = calloc(STEPS_MAX, sizeof *d->step_s);
    d->step_kbps = calloc(STEPS_MAX, sizeof *d->step_kbps);
    if (!d->ring || !d->step_s || !d->step_kbps)
        die("calloc");
    d->steps = 1;
    d->step_kbps[0] = 10000;
    d->delay_s = 0.01;
    d->queue_s = 0.3;
}

static void read_options(int argc, char **argv, direction_t *down, direction_t *up)
{
    int option;
    optind = 3;
    while ((option = getopt(argc, argv, "d:u:D:j:l:q:w:S:")) != -1) {
        switch (option) {
        case 'd':
            read_trace(down, optarg);
            break;
        case 'u':
            up->step_kbps[0] = atof(optarg);
            break;
        case 'D':
            down->delay_s = up->delay_s = atof(optarg) / 1e3;
            break;
        case 'j':
            down->jitter_s = up->jitter_s = atof(optarg) / 1e3;
            break;
        case 'l':
            down->loss = atof(optarg);
            break;
        case 'q':
            down->queue_s = atof(optarg) / 1e3;
            break;
        case 'w':
            down->grid_s = atof(optarg) / 1e3;
            break;
        case 'S':
            srandom((unsigned)atoi(optarg));
            break;
        default:
            exit(2);
        }
    }
}

static void report(const direction_t *down, const direction_t *up)
{
    double delivered = (double)(down->delivered ? down->delivered : 1);
    printf("{\"late_mean_ms\": %.3f, \"late_max_ms\": %.1f, \"late_over_5ms\": %.5f, \"frames_down\": %lu, "
           "\"frames_up\": %lu, \"dropped_queue\": %lu, \"dropped_loss\": %lu}\n",
           1e3 * down->late_sum_s / delivered, 1e3 * down->late_max_s, (double)down->late_5ms / delivered, down->frames,
           up->frames, down->dropped_queue, down->dropped_loss);
}

int main(int argc, char **argv)
{
    static direction_t down, up;
    if (argc < 3) {
        fprintf(stderr, "usage: linkem CLIENT_TAP SERVER_TAP [options]\n");
        return 2;
    }
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    prctl(PR_SET_TIMERSLACK, 1UL);
    int client = open_tap(argv[1]), server = open_tap(argv[2]);
    init_direction(&down, client);
    init_direction(&up, server);
    read_options(argc, argv, &down, &up);
    origin_s = now_s();
    while (!stopping) {
        double t_s = now_s();
        double next_s = fmin(deliver(&down, t_s), deliver(&up, t_s));
        struct pollfd fds[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        wait_for(next_s, fds);
        read_frames(client, &up);
        read_frames(server, &down);
    }
    report(&down, &up);
    return 0;
}
