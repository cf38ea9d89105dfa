/* Going on with a buffer of which no download tells: after a pause, and where the capture begins in mid-film.
 *
 * Both rest upon one observation: a player asks for nothing when its buffer is full, and then has as much as at its
 * fullest rest (player.full_us, microseconds of media). What it fetches without a rest until it rests again had been
 * missing.
 *
 *  - A pause is a time of more than 8 s without anything under way (shorter ones may be segments that were overlooked
 *    or given up) that ends more than 10 s behind the end of the media by our count. Both are round figures and not
 *    fitted: the 74 labelled sessions of the lab have 21 windows with a pause of 5 s and more, none longer than 39 s.
 *    Minutes of pause are tested with made downloads and a made capture only (tests/golden/mid-film.sh).
 *  - In mid-film nothing is known before the first rest, but for stalls that even a full buffer would not have spared.
 *    The same golden test has a film whose beginning was cut away.
 *
 * The pauses belong to the player (player.pauses: qoe_stretch, in order of time); nothing here is kept beyond a run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_RESUME_H
#define QOE_RESUME_H

#include "playback_internal.h"

/* Times that may be pauses: qoe_stretch in order of time; g_array_free. */
GArray *player_find_pauses(const qoe_downloads *downloads);

/* The last of on->pauses that was over by a time; NULL: there was none. */
const qoe_stretch *player_pause_before(const player *on, int64_t at_us);

/* Was the player stopped if its media lasted until due_us, and its next request came at request_us? One that only lacks
 * media asks for it. */
bool player_was_stopped(int64_t due_us, int64_t request_us);

/* When what is due at due_us is due if that was a pause of the viewer: the places ahead stand still for it, and so does
 * what comes next. due_us itself if it was none (NULL). */
int64_t player_stand_still(player *on, const qoe_stretch *pause, int64_t due_us);

/* Where the film had begun before the capture: sets the player's start so that it is full at its first rest, and from
 * when on its buffer is known (on->known_us). Returns false if it never rests: then nothing is known of it. */
bool player_find_buffer(player *on);

/* Takes back what was said of windows before the buffer is known. */
void player_forget_unknown(player *on);

#endif
