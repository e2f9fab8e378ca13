#ifndef MODELS_SECURITY_PRACTICE_PRIVATE_H
#define MODELS_SECURITY_PRACTICE_PRIVATE_H

#include "models/security/security_private.h"

/* <practice> */
struct practice_params {
	const char *provision;
	double share;
};

#endif
