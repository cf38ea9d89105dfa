/* What the core does under load: time a packet, memory, and whether every film is told whole beside a flood.
 * usage: bench-load [SCALE [MODEL]]   (SCALE: 1 for a million packets, 10 for ten; default 1)
 *        bench-load --pcap FILE [SCALE]   writes the films as a capture instead
 * The last line is "N passed, M failed": a load fails when something of a film was lost, or memory passed the bound.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _DEFAULT_SOURCE /* wait4: the peak memory of a child */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis.h"
#include "load.h"
#include "pcap.h"

/* What all tables full may take, in MB. */
enum { MEMORY_MAX_MB = 1536 };

typedef struct {
    const char *title;
    load_plan plan;
} scenario;

typedef struct {
    const load_plan *plan;
    qoe_analysis *analysis;
} run;

static void take(void *user_data, const qoe_packet *packet)
{
    run *r = user_data;
    qoe_verdict verdict;
    qoe_analysis_packet(r->analysis, packet, &verdict);
}

static void take_nothing(void *user_data, const qoe_packet *packet)
{
    uint64_t *sum = user_data;
    *sum += packet->ip_len;
}

static double seconds_used(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static bool is_film(const qoe_addr *client)
{
    return client->bytes[12] == 10;
}

static uint64_t film_sessions(const qoe_analysis *analysis)
{
    uint64_t count = 0;
    for (size_t i = 0; i < qoe_analysis_sessions(analysis); i++)
        count += is_film(&qoe_analysis_session(analysis, i)->client);
    return count;
}

/* Segments with every byte of their response; of those that share a connection all that are there. */
static uint64_t whole_segments(const run *r)
{
    if (r->plan->together > 1)
        return qoe_analysis_segments(r->analysis);
    uint64_t count = 0;
    for (size_t i = 0; i < qoe_analysis_segments(r->analysis); i++)
        count += qoe_analysis_segment(r->analysis, i)->bytes == (uint64_t)r->plan->packets * LOAD_PAYLOAD;
    return count;
}

static uint64_t all_windows(const qoe_analysis *analysis)
{
    uint64_t count = 0;
    for (size_t i = 0; i < qoe_analysis_sessions(analysis); i++)
        count += qoe_analysis_session(analysis, i)->window_count;
    return count;
}

/* True if the films came out as they went in. */
static bool report(const run *r, uint64_t packets, double taken_s, double settled_s)
{
    const load_plan *plan = r->plan;
    const uint64_t segments = (uint64_t)plan->clients * plan->flows * plan->segments * plan->together;
    const uint64_t sessions = film_sessions(r->analysis), whole = whole_segments(r);
    const qoe_losses lost = qoe_analysis_losses(r->analysis);
    const bool kept = sessions == plan->clients && whole == segments;

    printf("%9llu | %4.0f ns | %6zu | %7zu | %7llu | %4.0f ms | %s%s%s", (unsigned long long)packets,
           taken_s / (double)packets * 1e9, qoe_analysis_sessions(r->analysis), qoe_analysis_segments(r->analysis),
           (unsigned long long)all_windows(r->analysis), settled_s * 1e3, kept ? "all whole" : "LOST",
           lost.flows ? ", flows forgotten" : "", lost.sessions ? ", sessions refused" : "");
    if (!kept)
        printf(" (%llu of %u films, %llu of %llu segments)", (unsigned long long)sessions, plan->clients,
               (unsigned long long)whole, (unsigned long long)segments);
    return kept;
}

static bool measure(const load_plan *plan, const char *model_path)
{
    char *error = NULL;
    qoe_model *model = model_path ? qoe_model_load(model_path, &error) : NULL;
    if (error) {
        fprintf(stderr, "bench-load: %s\n", error);
        return false;
    }
    qoe_rules *rules = qoe_rules_new();
    const qoe_config config = {.rules = rules, .model = model};
    run r = {.plan = plan, .analysis = qoe_analysis_new(&config)};
    uint64_t sum = 0;

    const double start_s = seconds_used();
    load_make(plan, take_nothing, &sum);
    const double making_s = seconds_used() - start_s;
    const uint64_t packets = load_make(plan, take, &r);
    const double taken_s = seconds_used() - start_s - 2 * making_s, settling_s = seconds_used();
    qoe_analysis_settle(r.analysis);
    const bool kept = report(&r, packets, taken_s, seconds_used() - settling_s);
    qoe_analysis_free(r.analysis);
    qoe_rules_free(rules);
    qoe_model_free(model);
    return kept;
}

/* In a process of its own, whose peak is the scenario's. */
static bool measure_apart(const scenario *s, const char *model_path)
{
    struct rusage used;
    int status = 0;

    printf("| %-36s | ", s->title);
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const bool kept = measure(&s->plan, model_path);
        fflush(stdout);
        _exit(kept ? 0 : 1);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child) {
        fprintf(stderr, "bench-load: %s\n", strerror(errno));
        return false;
    }
    const long peak_mb = used.ru_maxrss / 1024;
    printf(" | %ld MB%s |\n", peak_mb, peak_mb > MEMORY_MAX_MB ? " TOO MUCH" : "");
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 && peak_mb <= MEMORY_MAX_MB;
}

static int write_capture(const char *path, const load_plan *plan)
{
    FILE *out = fopen(path, "wb");
    if (!out) {
        fprintf(stderr, "bench-load: %s: %s\n", path, strerror(errno));
        return 1;
    }
    pcap_put_header(out);
    load_make(plan, pcap_put_packet, out);
    if (fclose(out) != 0) {
        fprintf(stderr, "bench-load: %s: %s\n", path, strerror(errno));
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    const bool pcap = argc > 2 && strcmp(argv[1], "--pcap") == 0;
    const int scale_at = pcap ? 3 : 1;
    const uint32_t scale = argc > scale_at ? (uint32_t)strtoul(argv[scale_at], NULL, 10) : 1;
    const char *model = !pcap && argc > 2 ? argv[2] : NULL;
    if (scale < 1 || scale > 10) {
        fputs("bench-load: SCALE is 1 to 10\n", stderr);
        return 1;
    }
    /* Clients, at once, flows, segments, packets, seconds, requests together. */
    const scenario scenarios[] = {
        {"films, ten connections each", {1000 * scale, 100 * scale, 10, 2, 32, 240, 1, LOAD_NO_FLOOD, 0}},
        {"one connection a client", {6000 * scale, 500 * scale, 1, 1, 64, 60, 1, LOAD_NO_FLOOD, 0}},
        {"many small segments", {10 * scale, 10 * scale, 10, 1000, 6, 2400, 1, LOAD_NO_FLOOD, 0}},
        {"long silences: windows", {5 * scale, 5 * scale, 1, 1000, 128, 100000, 1, LOAD_NO_FLOOD, 0}},
        {"shared connections, two at once", {20 * scale, 20 * scale, 1, 500, 66, 2000, 2, LOAD_NO_FLOOD, 0}},
        {"one long film over HTTP/2", {1, 1, 1, 3600 * scale, 180, 14400 * scale, 2, LOAD_NO_FLOOD, 0}},
        {"films that begin amid a SYN flood", {100 * scale, 10 * scale, 10, 2, 32, 240, 1, LOAD_FLOOD_SYN, 10}},
        {"films that begin amid a UDP flood", {100 * scale, 10 * scale, 10, 2, 32, 240, 1, LOAD_FLOOD_UDP, 10}},
        {"films that begin amid a DNS flood", {100 * scale, 10 * scale, 10, 2, 32, 240, 1, LOAD_FLOOD_DNS, 10}},
        {"the same with the films' names", {100 * scale, 10 * scale, 10, 2, 32, 240, 1, LOAD_FLOOD_DNS_FILMS, 10}},
        {"one film, 10000 SYNs to its packet", {1, 1, 1, 2, 32, 240, 1, LOAD_FLOOD_SYN, 10000}},
    };
    if (pcap)
        return write_capture(argv[2], &scenarios[0].plan);

    puts("| load | packets | a packet | sessions | segments | windows | settling | films | peak memory |");
    puts("|---|---|---|---|---|---|---|---|---|");
    const unsigned all = sizeof scenarios / sizeof *scenarios;
    unsigned sound = 0;
    for (unsigned i = 0; i < all; i++)
        sound += measure_apart(&scenarios[i], model);
    printf("\n%u passed, %u failed\n", sound, all - sound);
    return sound == all ? 0 : 1;
}
