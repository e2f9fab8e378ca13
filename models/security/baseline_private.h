#ifndef MODELS_SECURITY_BASELINE_PRIVATE_H
#define MODELS_SECURITY_BASELINE_PRIVATE_H

#include "models/security/baseline.h"

/* baseline_reference.c */
enum { BASELINE_TABLES = 3 };
extern const struct reference baseline_tables[BASELINE_TABLES];

#endif
