/* What a column's name gives away: truth that no model may see, and identity that no model may learn by heart.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_COLUMN_H
#define QOE_TRAIN_COLUMN_H

/* Why a column of this name must not be learned from; NULL: nothing against it. A feature of this program never is
 * in the way, whatever its name. */
const char *column_reason(const char *name);

#endif
