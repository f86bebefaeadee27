/* Planets around a sun, with divisions and square roots. */
#include <math.h>
#include <string.h>

#include "../harness/program.h"

#define BODIES 5
#define STEPS 2000
#define PAIRS (BODIES * (BODIES - 1) / 2)

struct body {
    double x, y, z, speed_x, speed_y, speed_z, mass;
};

static const struct body start[BODIES] = {
    { 0, 0, 0, 0, 0, 0, 39.5 },
    { 4.84, -1.16, -0.10, 0.61, 2.81, -0.02, 0.038 },
    { 8.34, 4.12, -0.40, -1.01, 1.82, 0.008, 0.011 },
    { 12.89, -15.11, -0.22, 1.08, 0.87, -0.01, 0.0017 },
    { 15.38, -25.92, 0.18, 0.98, 0.59, -0.03, 0.002 },
};

static void attract(struct body *a, struct body *b, double time)
{
    const double x = a->x - b->x, y = a->y - b->y, z = a->z - b->z;
    const double square = x * x + y * y + z * z;
    const double force = time / (square * sqrt(square));
    a->speed_x -= x * b->mass * force;
    a->speed_y -= y * b->mass * force;
    a->speed_z -= z * b->mass * force;
    b->speed_x += x * a->mass * force;
    b->speed_y += y * a->mass * force;
    b->speed_z += z * a->mass * force;
}

static uint64_t work(void)
{
    const double time = 0.001;
    struct body bodies[BODIES];
    memcpy(bodies, start, sizeof bodies);
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < BODIES; i++) {
            for (int j = i + 1; j < BODIES; j++)
                attract(&bodies[i], &bodies[j], time);
        }
        for (int i = 0; i < BODIES; i++) {
            bodies[i].x += time * bodies[i].speed_x;
            bodies[i].y += time * bodies[i].speed_y;
            bodies[i].z += time * bodies[i].speed_z;
        }
    }
    return mix_bytes(CHECKSUM_START, bodies, sizeof bodies);
}

const struct program nbody_program = {
    .name = "nbody",
    .group = "float",
    .about = "planets: scalar doubles with division and square root",
    .operation = "pair",
    .operations = PAIRS * STEPS,
    .work = work,
};
