/* radio_private - what the elements of this folder say, as bound. */
#ifndef MODELS_RADIO_RADIO_PRIVATE_H
#define MODELS_RADIO_RADIO_PRIVATE_H

#include "models/radio/pathloss.h"
#include "models/radio/radio.h"

enum propagation { LOG_DISTANCE, OKUMURA_HATA, UMA, UMI, RMA, FREE_SPACE };
enum los_rule { LOS_PROBABLE, LOS_ALWAYS, LOS_NEVER };
enum fading { FADING_NONE, FADING_RAYLEIGH, FADING_RICIAN, FADING_LOG_NORMAL };

struct propagation_params { int model, environment, los; double reference_loss, reference_distance, exponent, offset; };
struct shadowing_params { double deviation, los_deviation, correlation_distance, inter_site_correlation; };
struct entry_params { int model; double high_loss_share; };
struct fading_params { int model; double k_factor, deviation; };

/* Whether the model is one of TR 38.901's, which know line of sight. */
static inline bool propagation_is_tr38901(const struct propagation_params *p)
{
	return p->model >= UMA && p->model <= RMA;
}

static inline enum tr38901 radio_tr38901(const struct propagation_params *p)
{
	return p->model == UMA ? TR38901_UMA : p->model == UMI ? TR38901_UMI : TR38901_RMA;
}

void radio_setup(struct sim *s, const struct scenario *sc);
void radio_finish(struct sim *s, const struct scenario *sc);

#endif
