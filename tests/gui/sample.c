/* The sample session of the unit tests, for C++.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sample.h"

#include "chart_sample.h"

qoe_chart_data *sample_new(size_t windows, uint32_t number)
{
    qoe_chart_data *data = sample_session_played(windows);
    data->session = number;
    return data;
}
