/* All programs, in the order of the report. Each is a "const struct program NAME_program" in a file of its group. */
#pragma once

#include "program.h"

#define EACH_PROGRAM(X)                                                                                             \
    X(heapsort) X(quicksort) X(trees) X(hash) X(compress) X(sha256) X(bytecode) X(fib) X(calls) X(strings)          \
    X(matmul) X(nbody) X(vector_float) X(vector_integer)                                                            \
    X(chase_256k) X(chase_8m) X(copy_64) X(copy_4k) X(copy_1m) X(fill_4k) X(fill_1m)                                \
    X(getpid) X(fault) X(mmap) X(fork) X(exec) X(pipe) X(futex)                                                     \
    X(disk_read) X(disk_write) X(disk_read_4k) X(disk_write_4k) X(net_send) X(net_receive) X(net_ping)              \
    X(clock)

extern const struct program *const catalogue[];
extern const size_t catalogue_length;
