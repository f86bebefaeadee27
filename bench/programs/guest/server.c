/* The other guest of the network programs: serves until the machine is stopped. */
#include <stdio.h>
#include <stdlib.h>

#include "../network/network.h"

static unsigned char buffer[256 * 1024];

static int take(int client, size_t count)
{
    while (count > 0) {
        const ssize_t got = read(client, buffer, count < sizeof buffer ? count : sizeof buffer);
        if (got <= 0)
            return 0;
        count -= (size_t)got;
    }
    return 1;
}

static int put(int client, size_t count)
{
    while (count > 0) {
        const ssize_t sent = write(client, buffer, count < sizeof buffer ? count : sizeof buffer);
        if (sent <= 0)
            return 0;
        count -= (size_t)sent;
    }
    return 1;
}

static void serve(enum service port, int client)
{
    const size_t in = port == SINK ? CHUNK : 1, out = port == SOURCE ? CHUNK : 1;
    hurry(client);
    while (take(client, in) && put(client, out)) {
    }
    close(client);
}

static void offer(enum service port)
{
    if (fork() != 0)
        return;
    const struct sockaddr_in address = service_address(SERVER_ADDRESS, port);
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0) {
        perror("listen");
        exit(EXIT_FAILURE);
    }
    for (;;) {
        const int client = accept(listener, NULL, NULL);
        if (client >= 0)
            serve(port, client);
    }
}

int main(void)
{
    if (configure_card(SERVER_ADDRESS) != 0) {
        perror("eth0");
        return EXIT_FAILURE;
    }
    offer(SINK);
    offer(SOURCE);
    offer(ECHO);
    for (;;)
        pause();
}
