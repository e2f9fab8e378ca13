/* city_private - the city as loaded. */
#ifndef MODELS_CITY_CITY_PRIVATE_H
#define MODELS_CITY_CITY_PRIVATE_H

#include "models/city/shape.h"

struct city_district {
	struct district d;
	struct shape    shape;
	struct point    inside;         /* some point of it in the city */
	char           *own_id, *own_name;
	bool            taken;          /* of the file, and a <district> speaks of it */
};

struct city {
	struct shape          shape;
	struct city_district *district;
	size_t                n_districts;
	double                population;       /* persons */
	bool                  on_earth;
	double                lat0, lon0, m_per_lat, m_per_lon;
};

void city_finish(struct sim *s, const struct scenario *sc);

#endif
