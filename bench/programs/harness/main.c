/*
 * All benchmark programs in one executable:
 *
 *     programs list                       name, group, operation and description of each, separated by tabs
 *     programs NAME SECONDS [COPIES]      measures one and prints "BENCH NAME value ns/operation checksum"
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "measure.h"

const char *program_directory;

void give_up(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

uint64_t mix_bytes(uint64_t checksum, const void *bytes, size_t count)
{
    for (const unsigned char *at = bytes; count-- > 0; at++)
        checksum = mix(checksum, *at);
    return checksum;
}

static void list(void)
{
    for (size_t i = 0; i < catalogue_length; i++) {
        const struct program *program = catalogue[i];
        printf("%s\t%s\t%s\t%s\n", program->name, program->group, program->operation, program->about);
    }
}

static const struct program *find(const char *name)
{
    for (size_t i = 0; i < catalogue_length; i++) {
        if (strcmp(catalogue[i]->name, name) == 0)
            return catalogue[i];
    }
    fprintf(stderr, "There is no program \"%s\".\n", name);
    exit(EXIT_FAILURE);
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "list") == 0) {
        list();
        return EXIT_SUCCESS;
    }
    if (count < 3 || count > 4) {
        fprintf(stderr, "Usage: programs list, or programs NAME SECONDS [COPIES]\n");
        return EXIT_FAILURE;
    }
    program_directory = dirname(arguments[0]);
    const struct program *program = find(arguments[1]);
    const struct measurement result = measure(program, atof(arguments[2]), count == 4 ? (unsigned)atoi(arguments[3]) : 0);

    /* One write, so that nothing gets into the middle of the line. */
    char line[256];
    const int length = snprintf(line, sizeof line, "BENCH %s %.4f ns/%s %016llx\n", program->name, result.nanoseconds,
        program->operation, (unsigned long long)result.checksum);
    fwrite(line, 1, (size_t)length, stdout);
    return EXIT_SUCCESS;
}
