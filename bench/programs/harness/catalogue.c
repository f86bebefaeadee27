#include "catalogue.h"

#define DECLARE(name) extern const struct program name##_program;
#define ENTRY(name) &name##_program,

EACH_PROGRAM(DECLARE)

const struct program *const catalogue[] = { EACH_PROGRAM(ENTRY) };
const size_t catalogue_length = sizeof catalogue / sizeof *catalogue;
