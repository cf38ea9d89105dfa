# SPDX-License-Identifier: GPL-2.0-or-later
# Writes a csv in the form of the course's data set: real column names, made-up numbers.
# Usage: awk -v sessions=60 -v rows=30 -v seed=1 -f course_csv.awk course_columns.txt >course.csv
# Each session is a film at one resolution whose segments have that resolution's size, each 4 s, in bytes as pandas writes
# them: a quoted text of several lines, empty cells, True and False, unlabelled first rows, constant and double columns.

/^#/ { next }
{ name[++columns] = $0 }

function noise(width) { return 1 + width * (rand() - .5) }

function start_session(s) {
    resolution = height[int(rand() * 5) + 1]
    size = resolution * resolution * 1.3 * noise(.5)
    bytes = segments = largest = traffic = 0
    video = "v" s % videos
}

function next_window() {
    arrived = 2 + (rand() < .5)
    window_bytes = 0
    for (i = 0; i < arrived; i++) {
        segment = size * noise(.6)
        window_bytes += segment
        largest = segment > largest ? segment : largest
    }
    bytes += window_bytes
    segments += arrived
}

function cell(c, s, w) {
    if (c in session_text) return session_text[c] == "id" ? "s" s : session_text[c] == "video" ? video : session_text[c]
    if (c == "resolution") return w < 1 ? 0 : resolution ".0"
    if (c == "relative_timestamp") return (w + 1) * 10
    if (c == "absolute_timestamp") return 1518358200 + s * 5000 + w * 10
    if (c == "10_EWMA_chunksizes") return "\"[" size " " size ",\n " size "]\""
    if (c == "allprev_avg_chunksize") return bytes / segments
    if (c == "allprev_max_chunksize") return largest
    if (c ~ /^allprev_chunksizes_50$/) return bytes / segments * .98
    if (c ~ /^allprev_chunksizes_85$/) return bytes / segments * 1.2
    if (c == "10_avg_chunksize") return size
    if (c == "10_std_chunksize") return size * .17
    if (c == "cumsum_chunksizes") return bytes
    if (c == "n_prev_down_chunk") return segments
    if (c == "n_chunks_down") return arrived
    if (c == "serverByteCount") return window_bytes * 1.04
    if (c == "serverPacketCount") return int(window_bytes / 1400)
    if (c == "userPacketCount") return int(window_bytes / 2800)
    if (c == "userByteCount") return int(window_bytes / 2800) * 66
    if (c == "bitrate") return resolution * 3
    if (c == "avg_flow_age" && rand() < .08) return ""
    if (c ~ /^(access|wireless)_/ || c == "index" || c == "ads") return 0
    return sprintf("%.6g", rand() * 1000)
}

END {
    srand(seed)
    split("240 360 480 720 1080", height, " ")
    videos = int(sessions / 2) + 1
    session_text["session_id"] = session_text["deployment_session_id"] = "id"
    session_text["video_id"] = "video"
    session_text["home_id"] = "h1"
    session_text["service"] = "netflix"
    session_text["quality"] = "good"
    session_text["is_tcp"] = "True"
    for (c = 1; c <= columns; c++) printf "%s%s", name[c], c < columns ? "," : "\n"
    for (s = 0; s < sessions; s++) {
        start_session(s)
        for (w = 0; w < rows; w++) {
            next_window()
            for (c = 1; c <= columns; c++) printf "%s%s", cell(name[c], s, w), c < columns ? "," : "\n"
        }
    }
}
