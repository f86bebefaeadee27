/* The other guest of the network programs: serves until the machine is stopped. */
#include <stdio.h>
#include <stdlib.h>

#include "../network/network.h"

static void serve(enum service port, int client)
{
    const size_t in = port == SINK ? CHUNK : 1, out = port == SOURCE ? CHUNK : 1;
    hurry(client);
    while (take_bytes(client, in) && put_bytes(client, out)) {
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
