/*
 * What a proxy does with FastMixer, in C: it connects, asks whether a request may pass, waiting and by callback, reports what became of it, and says what was
 * counted. README.md says how it is compiled and run.
 *
 *     ./check tcp://127.0.0.1:9191 /productpage /admin
 */
#include "fastmixer.h"

#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

static void require(int32_t code, const char *what)
{
    if (code != FM_OK) {
        fprintf(stderr, "%s: %s (%d)\n", what, fm_last_error(), (int)code);
        exit(EXIT_FAILURE);
    }
}

static fm_key key_of(fm_client *client, const char *name)
{
    fm_key key;
    require(fm_client_key(client, name, &key), name);
    return key;
}

/* What this sidecar is: said once for each connection, and inherited by every request. */
static void set_base(void *context, fm_request *request)
{
    fm_key name;
    fm_key labels;
    const fm_entry entries[] = {{"app", FM_TERMINATED, "productpage", FM_TERMINATED}, {"version", FM_TERMINATED, "v1", FM_TERMINATED}};

    (void)context;
    require(fm_request_key(request, "source.workload.name", &name), "source.workload.name");
    require(fm_request_set_text(request, name, "productpage", FM_TERMINATED), "source.workload.name");
    require(fm_request_key(request, "source.labels", &labels), "source.labels");
    require(fm_request_set_map(request, labels, entries, sizeof entries / sizeof entries[0]), "source.labels");
}

static void print_answer(const char *form, const char *path, const fm_result *result)
{
    static const char *const origins[] = {"server", "cache", "stale", "nobody"};

    printf("%s %s: ", form, path);
    if (fm_result_status(result) == FM_STATUS_OK) {
        printf("ALLOWED");
    } else {
        printf("DENIED %d \"%s\"", (int)fm_result_http_status(result), fm_result_message(result, NULL));
    }

    printf(", from %s\n", origins[fm_result_origin(result)]);
}

/* A check on its way: what a proxy would keep with the suspended request. */
struct waiting {
    const char *path;
    int32_t code;
    sem_t done;
};

static void on_answer(void *context, int32_t code, const fm_result *result, int32_t is_inline)
{
    struct waiting *waiting = context;

    if (code == FM_OK) {
        print_answer(is_inline ? "callback, at once," : "callback, later,", waiting->path, result);
    }

    waiting->code = code;
    sem_post(&waiting->done);
}

static void check_by_callback(fm_request *request, const char *path)
{
    struct waiting waiting = {path, FM_OK, {{0}}};

    sem_init(&waiting.done, 0, 0);
    require(fm_check_async(request, on_answer, &waiting), "fm_check_async");

    /* A proxy goes on with other requests here. */
    while (sem_wait(&waiting.done) != 0) {
    }

    sem_destroy(&waiting.done);
    require(waiting.code, "check by callback");
}

static void print_statistics(fm_client *client)
{
    fm_statistics statistics;

    statistics.size = sizeof statistics;
    require(fm_client_statistics(client, &statistics), "fm_client_statistics");
    printf("checks: %lld from the cache, %lld answered by servers\n", (long long)statistics.hits, (long long)statistics.answers);
    printf("records: %lld reported, %lld taken by servers\n", (long long)statistics.records, (long long)statistics.acknowledged);
}

int main(int argc, char **argv)
{
    const char *servers[1];
    fm_options options;
    fm_client *client;
    fm_request *request;
    fm_result *result;
    int i;

    if (argc < 3) {
        fprintf(stderr, "usage: %s SERVER PATH...\n", argv[0]);
        return EXIT_FAILURE;
    }

    servers[0] = argv[1];
    require(fm_options_init(&options, sizeof options), "fm_options_init");
    options.addresses = servers;
    options.address_count = 1;
    options.name = "check.c";
    options.timeout_ms = 20000;
    options.base = set_base;
    require(fm_client_create(&options, &client), "fm_client_create");

    fm_key path = key_of(client, "request.path");
    fm_key response_code = key_of(client, "response.code");
    require(fm_request_create(client, NULL, &request), "fm_request_create");
    require(fm_result_create(&result), "fm_result_create");

    for (i = 2; i < argc; i++) {
        require(fm_request_reset(request, NULL), "fm_request_reset");
        require(fm_request_set_text(request, path, argv[i], FM_TERMINATED), "request.path");

        check_by_callback(request, argv[i]);
        require(fm_check(request, result), "fm_check");
        print_answer("blocking", argv[i], result);

        require(fm_request_set_int64(request, response_code, fm_result_http_status(result)), "response.code");
        require(fm_report(request), "fm_report");
    }

    require(fm_client_flush(client, 20000), "fm_client_flush");
    print_statistics(client);

    require(fm_result_free(result), "fm_result_free");
    require(fm_request_free(request), "fm_request_free");
    require(fm_client_destroy(client), "fm_client_destroy");
    return EXIT_SUCCESS;
}
