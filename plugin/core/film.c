/* What the shape of traffic says against a film.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "film.h"

#include <math.h>

static const double half_life_us = 10e6;

/* Films send back requests and acknowledgements: at most 6 % of what they get, measured over ten seconds and more.
 * Calls send about as much as they get, uploads more. Below so many bytes it may be a page's handshakes and reports. */
static const double up_share_max = 0.25, up_bytes_min = 40000;

static const double huge_share_min = 0.6;

/* Players have up to four responses under way, and each lasts for seconds only. */
enum { PARALLEL_MIN = 5 };
static const uint64_t parallel_bytes = 2000000;

void qoe_film_add_response(qoe_film *film, const qoe_segment *segment)
{
    if (segment->bytes >= QOE_FILM_HUGE_BYTES)
        film->huge += (double)segment->bytes;
}

void qoe_film_add_window(qoe_film *film, const qoe_traffic *traffic, int64_t window_us)
{
    const double kept = exp2(-(double)window_us / half_life_us);
    film->up = kept * (film->up + (double)traffic->payload_out);
    film->down = kept * (film->down + (double)traffic->payload_in);
    film->huge = MIN(kept * film->huge, film->down); /* most of it came in earlier windows */
}

static bool is_call_or_upload(double up, double down)
{
    return up >= up_bytes_min && up > up_share_max * down;
}

bool qoe_film_is_ruled_out(const qoe_film *film, const qoe_traffic *traffic, const GPtrArray *open)
{
    const double up = film->up + (double)traffic->payload_out, down = film->down + (double)traffic->payload_in;
    double huge = film->huge;
    unsigned parallel = 0;
    for (guint i = 0; i < open->len; i++) {
        const qoe_segment *segment = g_ptr_array_index(open, i);
        huge += segment->bytes >= QOE_FILM_HUGE_BYTES ? (double)segment->bytes : 0;
        parallel += segment->bytes >= parallel_bytes;
    }
    return is_call_or_upload(up, down) || (huge > 0 && huge >= huge_share_min * down) || parallel >= PARALLEL_MIN;
}
