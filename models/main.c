/* The program: hands the table of models to the engine. */
#include "models/models.h"
#include "sim/cli/cli.h"

int main(int argc, char **argv)
{
	return cli_main(&sccsim_models, argc, argv);
}
