/* What a crisis looked like: lanes, moments and the table of what failed, against times worked out by hand. */
#include "tests/unit/crisis/upheaval.h"

/* Two gateways on mains alone and one with 3 h of battery; all feeders out from 6 h to 12 h, a flood from 4 h to 16 h elsewhere. */
#define BODY \
	"<power-grid feeders='3' availability='100%'><blackout at='6h' lasts='6h' share='100%'/></power-grid>" \
	"<lorawan id='l' region='EU868'><gateway id='a' position='1km 5km' backup='0s'/>" \
	"<gateway id='b' position='5km 5km' backup='0s'/><gateway id='c' position='9km 5km' backup='3h'/></lorawan>" \
	"<platform id='p'/><device-class id='m' platform='p'><uses network='l'/><traffic period='1h' payload='12B'/></device-class>" \
	"<deploy class='m' count='3' placement='uniform'/>"
#define FLOOD "<flood id='river' at='4h' source='0km 0km' peak='1m' lasts='12h'/>"

static void open_pictured(struct outbreak *o, const char *crisis)
{
	upheaval_open(o, BODY, crisis, 0, false, 24 * SIM_HOUR);
	o->report->map = true;
	upheaval_run(o);
}

static bool has_span(const struct report *r, const char *lane, const char *text, simtime_t from, simtime_t to)
{
	for (size_t i = 0; i < r->n_spans; i++) {
		const struct span_row *s = &r->spans[i];
		if (strcmp(s->lane, lane) == 0 && strcmp(s->text, text) == 0 && s->from == from && s->to == to)
			return true;
	}
	return false;
}

static void lanes_hold_what_was_out_from_when_to_when(void **st)
{
	struct outbreak o;

	(void)st;
	open_pictured(&o, FLOOD);
	const struct report *r = o.report;
	assert_true(has_span(r, "hazards", "flood river", 4 * SIM_HOUR, 16 * SIM_HOUR));
	assert_true(has_span(r, "sites on backup", "1 of 3", 6 * SIM_HOUR, 9 * SIM_HOUR));
	assert_true(has_span(r, "sites dark", "2 of 3", 6 * SIM_HOUR, 9 * SIM_HOUR));
	assert_true(has_span(r, "sites dark", "3 of 3", 9 * SIM_HOUR, 12 * SIM_HOUR));
	upheaval_close(&o);
}

static size_t working_at(const struct report *r, simtime_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_features; i++) {
		const struct feature *f = &r->features[i];
		n += f->moment == at && strcmp(f->layer, "sites") == 0 && f->value < 1;
	}
	return n;
}

static void frames_are_of_the_moments_that_matter_in_the_state_of_then(void **st)
{
	static const struct {
		simtime_t at;
		size_t work;
		const char *title;
	} want[] = {
		{ 4 * SIM_HOUR - SIM_MINUTE, 3, "Just before the onset" },
		{ 9 * SIM_HOUR, 0, "Most out of work: 5.0 h after onset" },
		{ 10 * SIM_HOUR, 0, "Middle of the hazard: 6.0 h after onset" },
		{ 12 * SIM_HOUR, 3, "Half of that restored: 8.0 h after onset" },
		{ 16 * SIM_HOUR + 1, 3, "After the last hazard: 12.0 h after onset" },
		{ 24 * SIM_HOUR, 3, "End of the run: 20.0 h after onset" },
	};
	struct outbreak o;

	(void)st;
	open_pictured(&o, FLOOD);
	assert_int_equal(o.report->n_frames, sizeof want / sizeof want[0]);
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		bool found = false;
		for (size_t k = 0; k < o.report->n_frames; k++) {
			const struct frame_row *f = &o.report->frames[k];
			found = found || (f->moment == want[i].at && strcmp(f->title, want[i].title) == 0);
		}
		if (!found)
			fail_msg("no frame \"%s\"", want[i].title);
		assert_int_equal(working_at(o.report, want[i].at), want[i].work);
	}
	upheaval_close(&o);
}

static double cell(const struct report *r, const char *row, const char *column)
{
	for (size_t i = 0; i < r->n_cells; i++)
		if (strcmp(r->cells[i].def->name, "crisis-broken") == 0 && strcmp(r->cells[i].row, row) == 0 &&
		    strcmp(r->cells[i].column, column) == 0)
			return r->cells[i].value;
	return NAN;
}

/* The same outage twice: the second is as bad, and does not count. */
static void the_worst_moment_is_the_first_of_its_kind(void **st)
{
	static const char title[] = "Most out of work";
	struct outbreak o;
	size_t n = 0;

	(void)st;
	open_pictured(&o, "<power-outage at='4h' lasts='4h'/><power-outage at='12h' lasts='4h'/>");
	for (size_t k = 0; k < o.report->n_frames; k++)
		if (strncmp(o.report->frames[k].title, title, sizeof title - 1) == 0) {
			assert_true(o.report->frames[k].moment < 8 * SIM_HOUR);
			n++;
		}
	assert_int_equal(n, 1);
	upheaval_close(&o);
}

static void the_table_tells_how_many_failed_and_for_how_long(void **st)
{
	struct outbreak o;

	(void)st;
	open_pictured(&o, FLOOD);
	assert_float_equal(cell(o.report, "gateway", "in all"), 3, 0);
	assert_float_equal(cell(o.report, "gateway", "out of work at some time"), 3, 0);
	assert_float_equal(cell(o.report, "gateway", "still at the end"), 0, 0);
	assert_float_equal(cell(o.report, "gateway", "longest out, h"), 6, 1e-6);
	assert_float_equal(cell(o.report, "gateway", "on average, h"), (6 + 6 + 3) / 3.0, 1e-6);
	assert_true(isnan(cell(o.report, "site", "in all")));
	upheaval_close(&o);
}

static void without_a_hazard_in_the_run_there_is_no_picture(void **st)
{
	struct outbreak o;

	(void)st;
	open_pictured(&o, "<flood at='30h' source='0km 0km' peak='1m' lasts='2h'/>");
	assert_int_equal(o.report->n_spans, 0);
	assert_int_equal(o.report->n_frames, 0);
	assert_true(isnan(cell(o.report, "gateway", "in all")));
	upheaval_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lanes_hold_what_was_out_from_when_to_when),
		cmocka_unit_test(frames_are_of_the_moments_that_matter_in_the_state_of_then),
		cmocka_unit_test(the_worst_moment_is_the_first_of_its_kind),
		cmocka_unit_test(the_table_tells_how_many_failed_and_for_how_long),
		cmocka_unit_test(without_a_hazard_in_the_run_there_is_no_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
