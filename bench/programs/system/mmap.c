#include <sys/mman.h>

#include "../harness/program.h"

#define LENGTH 65536
#define COUNT 500

static uint64_t work(void)
{
    uint64_t checksum = CHECKSUM_START;
    for (int i = 0; i < COUNT; i++) {
        unsigned char *memory = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            give_up("mmap");
        memory[i] = 1;
        checksum = mix(checksum, memory[i] + memory[0]);
        munmap(memory, LENGTH);
    }
    return checksum;
}

const struct program mmap_program = {
    .name = "mmap",
    .group = "system",
    .about = "mmap of 64 KiB, one page touched, munmap",
    .operation = "mapping",
    .operations = COUNT,
    .work = work,
};
