/* What a program gets for what it must not do: an error with a text, and never a crash. Prints what is not so, and ends with their number. */
#include "fastmixer.h"

#include <stdio.h>
#include <string.h>

static int failures;

static void expect(int32_t found, int32_t expected, const char *what)
{
    if (found != expected || (expected < 0 && strlen(fm_last_error()) == 0)) {
        printf("%s: expected %d, found %d \"%s\"\n", what, (int)expected, (int)found, fm_last_error());
        failures++;
    }
}

static void wait_in_callback(void *context, int32_t code, const fm_result *result, int32_t is_inline)
{
    fm_request *request = ((void **)context)[0];

    (void)is_inline;
    expect(code, FM_OK, "the check");
    expect(fm_check(request, (fm_result *)result), FM_WRONG_THREAD, "a check that waits, in a callback");
    expect(fm_client_destroy(((void **)context)[1]), FM_WRONG_THREAD, "destroying the client, in a callback");
    ((const void **)context)[2] = result;
}

static void count(void *context, int32_t code, const fm_result *result, int32_t is_inline)
{
    (void)code;
    (void)result;
    (void)is_inline;
    ++*(int *)context;
}

/* A callback is called exactly once, and not after the client is gone, also where nobody answers. */
static void destroy_while_waiting(void)
{
    const char *nowhere[] = {"tcp://127.0.0.1:1"};
    fm_options options;
    fm_client *client;
    fm_request *request;
    int called = 0;

    expect(fm_options_init(&options, sizeof options), FM_OK, "options");
    options.addresses = nowhere;
    options.address_count = 1;
    options.timeout_ms = 2000;
    expect(fm_client_create(&options, &client), FM_OK, "a client of nobody");
    expect(fm_request_create(client, NULL, &request), FM_OK, "its request");
    expect(fm_check_async(request, count, &called), FM_OK, "a check that nobody answers");
    expect(fm_request_free(request), FM_OK, "giving its request back meanwhile");
    expect(fm_client_destroy(client), FM_OK, "destroying it meanwhile");
    expect(called, 1, "calls back");
}

int main(int argc, char **argv)
{
    const char *servers[1];
    fm_options options;
    fm_statistics statistics;
    fm_client *client;
    fm_request *request;
    fm_result *result;
    fm_key key;
    fm_header_operation operation;
    struct {
        fm_options known;
        int64_t newer;
    } future;

    servers[0] = argc > 1 ? argv[1] : "";
    expect((int32_t)fm_abi_version(), FM_ABI_VERSION, "the version");
    expect(fm_options_init(NULL, sizeof options), FM_INVALID_ARGUMENT, "no options");
    expect(fm_options_init(&options, 0), FM_INVALID_ARGUMENT, "options without a size");
    expect(fm_options_init(&options, sizeof options), FM_OK, "options");
    expect(fm_client_create(&options, &client), FM_INVALID_ARGUMENT, "no servers");
    options.addresses = servers;
    options.address_count = 1;
    options.timeout_ms = -1;
    expect(fm_client_create(&options, &client), FM_INVALID_ARGUMENT, "a timeout below 0");
    options.timeout_ms = 20000;

    expect(fm_options_init(&future.known, sizeof future), FM_OK, "options of a newer header");
    future.known.addresses = servers;
    future.known.address_count = 1;
    expect(fm_client_create(&future.known, &client), FM_OK, "options of a newer header, unused");
    expect(fm_client_destroy(client), FM_OK, "that client");
    future.newer = 1;
    expect(fm_client_create(&future.known, &client), FM_INVALID_ARGUMENT, "options of a newer header, used");

    expect(fm_client_create(&options, NULL), FM_INVALID_ARGUMENT, "nowhere to put the client");
    expect(fm_client_create(&options, &client), FM_OK, "the client");
    expect(fm_client_key(client, "no.such.attribute", &key), FM_INVALID_ARGUMENT, "an unknown attribute");
    expect(fm_client_key(client, NULL, &key), FM_INVALID_ARGUMENT, "no name");
    expect(fm_client_key(client, "request.path", &key), FM_OK, "a key");
    expect(fm_request_create(client, NULL, &request), FM_OK, "a request");
    expect(fm_request_create(client, (const fm_prepared *)client, &request), FM_INVALID_HANDLE, "another kind of handle");
    expect(fm_request_create(client, NULL, &request), FM_OK, "a request");
    expect(fm_request_set_int64(request, key, 1), FM_INVALID_ARGUMENT, "another type");
    expect(fm_request_set_text(request, 0, "", 0), FM_INVALID_ARGUMENT, "no key");
    expect(fm_request_set_text(request, key + 1, "", 0), FM_INVALID_ARGUMENT, "a key never given");
    expect(fm_request_set_text(request, key, NULL, 1), FM_INVALID_ARGUMENT, "no text");
    expect(fm_request_set_text(request, key, "/admin", FM_TERMINATED), FM_OK, "text");

    expect(fm_result_create(&result), FM_OK, "a result");
    expect(fm_result_status(result), FM_INVALID_ARGUMENT, "a result of no check");
    expect(fm_check(request, NULL), FM_INVALID_ARGUMENT, "no result");
    expect(fm_check(request, result), FM_OK, "a check");
    expect(fm_result_status(result), FM_STATUS_PERMISSION_DENIED, "its status");
    expect(fm_result_http_status(result), 403, "its HTTP status");
    expect(fm_result_response_operation(result, 0, &operation), FM_INVALID_ARGUMENT, "an operation that there is not");
    expect(fm_check_async(request, NULL, NULL), FM_INVALID_ARGUMENT, "no callback");

    void *context[3] = {request, client, NULL};
    expect(fm_check_async(request, wait_in_callback, context), FM_OK, "a check by callback, from the cache");
    expect(fm_result_status(context[2]), FM_INVALID_HANDLE, "a callback's result, after it");

    statistics.size = 1;
    expect(fm_client_statistics(client, &statistics), FM_INVALID_ARGUMENT, "statistics of no size");
    statistics.size = offsetof(fm_statistics, shared);
    statistics.shared = 42;
    expect(fm_client_statistics(client, &statistics), FM_OK, "statistics of an older header");
    expect((int32_t)statistics.hits, 1, "checks from the cache");
    expect((int32_t)statistics.shared, 42, "what an older header does not know");

    expect(fm_request_free(request), FM_OK, "giving back");
    expect(fm_request_free(request), FM_INVALID_HANDLE, "giving back twice");
    expect(fm_request_free(NULL), FM_OK, "giving back nothing");
    expect(fm_report(request), FM_INVALID_HANDLE, "a report of what was given back");
    expect(fm_result_free(result), FM_OK, "giving a result back");
    expect(fm_result_message(result, NULL) == NULL, 1, "the text of what was given back");
    expect(fm_client_destroy(client), FM_OK, "destroying");
    expect(fm_client_destroy(client), FM_INVALID_HANDLE, "destroying twice");
    destroy_while_waiting();
    return failures;
}
