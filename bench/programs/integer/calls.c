/* Calls through tables of functions, as of virtual methods: which one is called depends on data. */
#include "../harness/program.h"

#define OBJECTS 1024
#define ROUNDS 200

struct shape;

struct methods {
    uint32_t (*area)(const struct shape *);
    void (*grow)(struct shape *, uint32_t by);
};

struct shape {
    const struct methods *methods;
    uint32_t width, height;
};

static uint32_t square_area(const struct shape *shape)
{
    return shape->width * shape->width;
}

static uint32_t rectangle_area(const struct shape *shape)
{
    return shape->width * shape->height;
}

static uint32_t triangle_area(const struct shape *shape)
{
    return shape->width * shape->height / 2;
}

static void grow_width(struct shape *shape, uint32_t by)
{
    shape->width += by;
}

static void grow_both(struct shape *shape, uint32_t by)
{
    shape->width += by;
    shape->height ^= by;
}

static const struct methods kinds[] = {
    { square_area, grow_width },
    { rectangle_area, grow_both },
    { triangle_area, grow_width },
    { rectangle_area, grow_width },
};

static struct shape shapes[OBJECTS];

static uint64_t work(void)
{
    uint32_t random = 8;
    for (int i = 0; i < OBJECTS; i++) {
        const uint32_t value = next_random(&random);
        shapes[i] = (struct shape){ &kinds[value % 4], value >> 8 & 255, value >> 16 & 255 };
    }
    uint64_t checksum = CHECKSUM_START;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t sum = 0;
        for (int i = 0; i < OBJECTS; i++) {
            struct shape *shape = &shapes[i];
            shape->methods->grow(shape, round);
            sum += shape->methods->area(shape);
        }
        checksum = mix(checksum, sum);
    }
    return checksum;
}

const struct program calls_program = {
    .name = "calls",
    .group = "integer",
    .about = "indirect calls: methods of 1,024 objects of four kinds",
    .operation = "call",
    .operations = 2 * OBJECTS * ROUNDS,
    .work = work,
};
