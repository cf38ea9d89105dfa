/* Which model bundle is in use: the user's, or the one installed beside the plugin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_MODELFILE_H
#define QOE_MODELFILE_H

#include "model.h"

/* Loads the model for the preference `path` ("" for the installed one) unless it is in use already and its file has
 * not changed. What is wrong with it is said once, as Wireshark says such things (a dialog, or stderr). Never falls
 * back from a model that the user asked for to another one: its answers would pass for what was asked. */
void qoe_modelfile_use(const char *path);

/* Says once what has been found since to be wrong with it: of the installed model an expert is read when a window asks
 * for it, of the user's all at once. */
void qoe_modelfile_tell_damage(void);

/* Says once that none is installed: not of itself, for who asks for no resolution shall not read of it. */
void qoe_modelfile_tell_missing(void);

/* Valid until the next qoe_modelfile_use. NULL: none. */
const qoe_model *qoe_modelfile_model(void);
const char *qoe_modelfile_message(void);

#endif
