/* What the two guests of the network programs agree on. */
#pragma once

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER_ADDRESS "10.9.0.1"
#define CLIENT_ADDRESS "10.9.0.2"

/* One port for each thing that a client may ask of the server. */
enum service {
    SINK = 5000,   /* takes CHUNK bytes, answers with one, again and again */
    SOURCE = 5001, /* for each byte, sends CHUNK bytes */
    ECHO = 5002,   /* for each byte, sends it back */
};

#define CHUNK (4u << 20)

/* Gives the only network card its address. */
static inline int configure_card(const char *address)
{
    const int socket_ = socket(AF_INET, SOCK_DGRAM, 0);
    struct ifreq request = { .ifr_name = "eth0" };
    struct sockaddr_in *const in = (struct sockaddr_in *)&request.ifr_addr;
    in->sin_family = AF_INET;
    inet_pton(AF_INET, address, &in->sin_addr);
    if (ioctl(socket_, SIOCSIFADDR, &request) != 0)
        return -1;
    inet_pton(AF_INET, "255.255.255.0", &in->sin_addr);
    if (ioctl(socket_, SIOCSIFNETMASK, &request) != 0)
        return -1;
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    const int result = ioctl(socket_, SIOCSIFFLAGS, &request);
    close(socket_);
    return result;
}

static inline struct sockaddr_in service_address(const char *address, enum service port)
{
    struct sockaddr_in result = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    inet_pton(AF_INET, address, &result.sin_addr);
    return result;
}

/* What is sent, and where what is received goes; of much, the last part. */
static unsigned char buffer[256 * 1024];

/* Sends and receives so many bytes. Both return 0 if the connection has ended. */
static inline int put_bytes(int socket_, size_t count)
{
    while (count > 0) {
        const ssize_t sent = write(socket_, buffer, count < sizeof buffer ? count : sizeof buffer);
        if (sent <= 0)
            return 0;
        count -= (size_t)sent;
    }
    return 1;
}

static inline int take_bytes(int socket_, size_t count)
{
    while (count > 0) {
        const ssize_t got = read(socket_, buffer, count < sizeof buffer ? count : sizeof buffer);
        if (got <= 0)
            return 0;
        count -= (size_t)got;
    }
    return 1;
}

/* Small messages shall not wait for others. */
static inline void hurry(int socket_)
{
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
}
