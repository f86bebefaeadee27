#include "../harness/program.h"

#define COUNT 20000
#define SMALL 12

static int values[COUNT];

static void insertion_sort(int *first, int *last)
{
    for (int *at = first + 1; at <= last; at++) {
        const int value = *at;
        int *gap = at;
        for (; gap > first && gap[-1] > value; gap--)
            *gap = gap[-1];
        *gap = value;
    }
}

static void quicksort(int *first, int *last)
{
    while (last - first > SMALL) {
        const int pivot = first[(last - first) / 2];
        int *left = first, *right = last;
        while (left <= right) {
            while (*left < pivot)
                left++;
            while (*right > pivot)
                right--;
            if (left <= right) {
                const int value = *left;
                *left++ = *right;
                *right-- = value;
            }
        }
        quicksort(first, right);
        first = left;
    }
    insertion_sort(first, last);
}

static uint64_t work(void)
{
    uint32_t random = 2;
    for (int i = 0; i < COUNT; i++)
        values[i] = (int)next_random(&random);

    quicksort(values, values + COUNT - 1);

    uint64_t checksum = CHECKSUM_START;
    for (int i = 0; i < COUNT; i++)
        checksum = mix(checksum, (uint32_t)values[i]);
    return checksum;
}

const struct program quicksort_program = {
    .name = "quicksort",
    .group = "integer",
    .about = "quicksort of 20,000 integers",
    .operation = "element",
    .operations = COUNT,
    .work = work,
};
