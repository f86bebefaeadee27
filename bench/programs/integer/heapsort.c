#include "../harness/program.h"

#define COUNT 20000

static int values[COUNT];

static void sift_down(int root, int count)
{
    const int value = values[root];
    for (int child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && values[child + 1] > values[child])
            child++;
        if (values[child] <= value)
            break;
        values[root] = values[child];
    }
    values[root] = value;
}

static uint64_t work(void)
{
    uint32_t random = 1;
    for (int i = 0; i < COUNT; i++)
        values[i] = (int)next_random(&random);

    for (int i = COUNT / 2 - 1; i >= 0; i--)
        sift_down(i, COUNT);
    for (int end = COUNT - 1; end > 0; end--) {
        const int largest = values[0];
        values[0] = values[end];
        values[end] = largest;
        sift_down(0, end);
    }

    uint64_t checksum = CHECKSUM_START;
    for (int i = 0; i < COUNT; i++)
        checksum = mix(checksum, (uint32_t)values[i]);
    return checksum;
}

const struct program heapsort_program = {
    .name = "heapsort",
    .group = "integer",
    .about = "heapsort of 20,000 integers",
    .operation = "element",
    .operations = COUNT,
    .work = work,
};
