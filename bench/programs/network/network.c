/* TCP between two guests of the same monitor, whose virtio cards are joined; the other guest runs guest/server.c. */
#include <time.h>

#include "../harness/program.h"
#include "network.h"

#define ATTEMPTS 600
#define STREAMS 4
#define ROUND_TRIPS 100

static int server;

/* The other guest may still be booting. */
static void connect_to(enum service port)
{
    if (configure_card(CLIENT_ADDRESS) != 0)
        give_up("eth0");
    const struct sockaddr_in address = service_address(SERVER_ADDRESS, port);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        server = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(server, (const struct sockaddr *)&address, sizeof address) == 0) {
            hurry(server);
            return;
        }
        close(server);
        nanosleep(&(struct timespec){ .tv_nsec = 100 * 1000 * 1000 }, NULL);
    }
    give_up("the other guest");
}

static void prepare_send(void)
{
    connect_to(SINK);
}

static void prepare_receive(void)
{
    connect_to(SOURCE);
}

static void prepare_ping(void)
{
    connect_to(ECHO);
}

static void put(size_t count)
{
    if (!put_bytes(server, count))
        give_up("write");
}

static void take(size_t count)
{
    if (!take_bytes(server, count))
        give_up("read");
}

static uint64_t send_much(void)
{
    for (int i = 0; i < STREAMS; i++) {
        put(CHUNK);
        take(1);
    }
    return CHECKSUM_START;
}

static uint64_t receive_much(void)
{
    for (int i = 0; i < STREAMS; i++) {
        put(1);
        take(CHUNK);
    }
    return CHECKSUM_START;
}

static uint64_t ping(void)
{
    uint64_t checksum = CHECKSUM_START;
    for (int i = 0; i < ROUND_TRIPS; i++) {
        buffer[0] = (unsigned char)i;
        put(1);
        take(1);
        checksum = mix(checksum, buffer[0]);
    }
    return checksum;
}

const struct program net_send_program = {
    .name = "net-send",
    .group = "network",
    .about = "virtio-net, a TCP stream to another guest",
    .operation = "MiB",
    .operations = STREAMS * (CHUNK >> 20),
    .prepare = prepare_send,
    .work = send_much,
};
const struct program net_receive_program = {
    .name = "net-receive",
    .group = "network",
    .about = "the same from the other guest",
    .operation = "MiB",
    .operations = STREAMS * (CHUNK >> 20),
    .prepare = prepare_receive,
    .work = receive_much,
};
const struct program net_ping_program = {
    .name = "net-ping",
    .group = "network",
    .about = "a byte by TCP to another guest and back",
    .operation = "round-trip",
    .operations = ROUND_TRIPS,
    .prepare = prepare_ping,
    .work = ping,
};
