/* libspf2 with answers in memory, one of the sides of bench/spf.py, which compiles and runs it:
 *
 *     libspf2 FILE
 *
 * FILE holds lines "record TYPE NAME DATA" and "client ADDRESS HELO SENDER". The first line of output is the version.
 * Each number N on standard input is answered by a line: the seconds that N evaluations took, the clients in turn, and
 * each client's result.
 */

#include <arpa/nameser.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <netinet/in.h>
#include <time.h>

#include <spf2/spf.h>
#include <spf2/spf_dns_zone.h>

#define MOST_CLIENTS 16

typedef struct {
    char address[64];
    char helo[256];
    char sender[256];
} Client;

static Client clients[MOST_CLIENTS];
static int number_of_clients;

static void fail(const char *what)
{
    fprintf(stderr, "libspf2: %s\n", what);
    exit(1);
}

static ns_type type_of(const char *word)
{
    if (!strcmp(word, "A")) return ns_t_a;
    if (!strcmp(word, "AAAA")) return ns_t_aaaa;
    if (!strcmp(word, "MX")) return ns_t_mx;
    if (!strcmp(word, "TXT")) return ns_t_txt;
    fail("there is a record of a type that is not known here");
    return ns_t_invalid;
}

static SPF_dns_server_t *read_file(const char *path)
{
    SPF_dns_server_t *zone = SPF_dns_zone_new(NULL, "answers", 0);
    FILE *file = fopen(path, "r");
    char line[4096], type[16], name[256], data[4096];

    if (!zone || !file) fail("the file could not be opened");
    while (fgets(line, sizeof line, file)) {
        Client *client = &clients[number_of_clients];
        if (sscanf(line, "record %15s %255s %4095[^\n]", type, name, data) == 3) {
            if (SPF_dns_zone_add_str(zone, name, type_of(type), NETDB_SUCCESS, data)) fail(line);
        } else if (number_of_clients < MOST_CLIENTS
                   && sscanf(line, "client %63s %255s %255s", client->address, client->helo, client->sender) == 3) {
            number_of_clients++;
        } else {
            fail(line);
        }
    }
    fclose(file);
    return zone;
}

static SPF_result_t evaluate(SPF_server_t *server, const Client *client)
{
    SPF_request_t *request = SPF_request_new(server);
    SPF_response_t *response = NULL;
    SPF_result_t result;

    if (strchr(client->address, ':')) SPF_request_set_ipv6_str(request, client->address);
    else SPF_request_set_ipv4_str(request, client->address);
    SPF_request_set_helo_dom(request, client->helo);
    SPF_request_set_env_from(request, client->sender);
    SPF_request_query_mailfrom(request, &response);
    result = SPF_response_result(response);
    SPF_response_free(response);
    SPF_request_free(request);
    return result;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    SPF_server_t *server;
    long evaluations;
    int major, minor, patch;

    SPF_get_lib_version(&major, &minor, &patch);
    if (argc != 2) fail("a file is needed");
    server = SPF_server_new_dns(read_file(argv[1]), 0);
    if (!server || !number_of_clients) fail("there is nothing to evaluate");
    printf("libspf2 %d.%d.%d\n", major, minor, patch);
    fflush(stdout);
    while (scanf("%ld", &evaluations) == 1) {
        double started = now();
        for (long number = 0; number < evaluations; number++)
            evaluate(server, &clients[number % number_of_clients]);
        printf("%.9f", now() - started);
        for (int number = 0; number < number_of_clients; number++)
            printf(" %s", SPF_strresult(evaluate(server, &clients[number])));
        printf("\n");
        fflush(stdout);
    }
    return 0;
}
