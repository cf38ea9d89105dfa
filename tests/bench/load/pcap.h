/* Packets as a pcap file: Ethernet, IPv4, and as much of the payload as the packet shows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_LOAD_PCAP_H
#define QOE_LOAD_PCAP_H

#include <stdio.h>

#include "packet.h"

void pcap_put_header(FILE *out);

/* A load_sink; user_data is the FILE. Only IPv4. */
void pcap_put_packet(void *user_data, const qoe_packet *packet);

#endif
