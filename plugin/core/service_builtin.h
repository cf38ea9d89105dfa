/* The built-in service rules: whose names and addresses they are.
 *
 * Only names under which one service serves its own pages and films. Left out on purpose: media-amazon.com (Amazon's
 * shop pictures), ggpht.com as a whole (avatars of all of Google), akamaized.net and cloudfront.net (everybody's).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SERVICE_BUILTIN_H
#define QOE_SERVICE_BUILTIN_H

#define QOE_SERVICE_FAST "fast.com"
#define QOE_SERVICE_UPLOAD "YouTube upload"

typedef struct {
    const char *service;
    const char *match; /* as for qoe_rules_add */
} qoe_builtin_rule;

static const qoe_builtin_rule qoe_builtin_rules[] = {
    {"Netflix", "nflxvideo.net"},
    {"Netflix", "nflxext.com"},
    {"Netflix", "nflxso.net"},
    {"Netflix", "nflximg.net"},
    {"Netflix", "nflximg.com"},
    {"Netflix", "netflix.com"},
    {"Netflix", "netflix.net"},
    /* Open Connect, the content network of AS2906 and AS40027 (public routing data). */
    {"Netflix", "23.246.0.0/18"},
    {"Netflix", "37.77.184.0/21"},
    {"Netflix", "45.57.0.0/17"},
    {"Netflix", "64.120.128.0/17"},
    {"Netflix", "66.197.128.0/17"},
    {"Netflix", "108.175.32.0/20"},
    {"Netflix", "185.2.220.0/22"},
    {"Netflix", "185.9.188.0/22"},
    {"Netflix", "192.173.64.0/18"},
    {"Netflix", "198.38.96.0/19"},
    {"Netflix", "198.45.48.0/20"},
    {"Netflix", "208.75.79.0/24"},
    {"Netflix", "2620:10c:7000::/44"},
    {"Netflix", "2a00:86c0::/32"},
    /* Netflix's speed test: its page; the bytes then come from nflxvideo.net. */
    {QOE_SERVICE_FAST, "fast.com"},
    {"YouTube", "googlevideo.com"},
    {"YouTube", "youtube.com"},
    {QOE_SERVICE_UPLOAD, "upload.youtube.com"}, /* films that leave the client */
    {"YouTube", "youtube-nocookie.com"},
    {"YouTube", "youtu.be"},
    {"YouTube", "youtubei.googleapis.com"},
    {"YouTube", "ytimg.com"},
    {"YouTube", "yt3.ggpht.com"},
    {"YouTube", "yt4.ggpht.com"},
    {"Twitch", "ttvnw.net"},
    {"Twitch", "twitch.tv"},
    {"Twitch", "jtvnw.net"},
    {"Prime Video", "aiv-cdn.net"},
    {"Prime Video", "aiv-delivery.net"},
    {"Prime Video", "pv-cdn.net"},
    {"Prime Video", "primevideo.com"},
    {"Prime Video", "amazonvideo.com"},
    {"Disney+", "disneyplus.com"},
    {"Disney+", "disney-plus.net"},
    {"Disney+", "dssott.com"},
    {"Disney+", "bamgrid.com"},
    {"Hulu", "hulustream.com"},
    {"Hulu", "hulu.com"},
    {"Max", "hbomax.com"},
    {"Max", "hbomaxcdn.com"},
    {"Max", "max.com"},
    {"Vimeo", "vimeocdn.com"},
    {"Vimeo", "vimeo.com"},
    {"Apple TV+", "tv.apple.com"},
    /* This project's own captures; the top-level domain is reserved for tests (RFC 6761, 6.2). */
    {"Lab", "video.test"},
};

#endif
