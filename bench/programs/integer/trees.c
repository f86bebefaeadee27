#include <stdlib.h>

#include "../harness/program.h"

#define COUNT 8000

struct node {
    struct node *left, *right;
    uint32_t key, value;
};

static void insert(struct node **at, uint32_t key, uint32_t value)
{
    while (*at != NULL && (*at)->key != key)
        at = key < (*at)->key ? &(*at)->left : &(*at)->right;
    if (*at == NULL) {
        *at = calloc(1, sizeof **at);
        if (*at == NULL)
            give_up("calloc");
        (*at)->key = key;
    }
    (*at)->value = value;
}

static const struct node *find(const struct node *at, uint32_t key)
{
    while (at != NULL && at->key != key)
        at = key < at->key ? at->left : at->right;
    return at;
}

static void release(struct node *at)
{
    if (at == NULL)
        return;
    release(at->left);
    release(at->right);
    free(at);
}

static uint64_t work(void)
{
    struct node *root = NULL;
    uint32_t random = 3;
    for (uint32_t i = 0; i < COUNT; i++)
        insert(&root, next_random(&random), i);

    /* Every other key that is looked for is there. */
    uint64_t checksum = CHECKSUM_START;
    uint32_t present = 3, absent = 4;
    for (int i = 0; i < COUNT; i++) {
        const struct node *found = find(root, next_random(&present));
        const struct node *other = find(root, next_random(&absent));
        checksum = mix(checksum, found->value + (other != NULL));
    }
    release(root);
    return checksum;
}

const struct program trees_program = {
    .name = "trees",
    .group = "integer",
    .about = "binary tree of 8,000 keys: allocate, insert, look up twice, free",
    .operation = "key",
    .operations = COUNT,
    .work = work,
};
