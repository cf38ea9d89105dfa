/* Made sessions for the tests of the graph window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TEST_SAMPLE_H
#define QOE_TEST_SAMPLE_H

#include "chart_data.h"

/* Free with qoe_chart_data_free. */
qoe_chart_data *sample_new(size_t windows, uint32_t number);

#endif
