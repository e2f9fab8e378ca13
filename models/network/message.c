#include "models/network/message.h"

const char *fate_name(enum fate f)
{
	static const char *const name[FATES] = {
#define X(id, text) [FATE_##id] = text,
		MESSAGE_FATES(X)
#undef X
	};

	return (unsigned)f < FATES ? name[f] : "unknown";
}
