/*
 * fastmixer.h: the FastMixer client for C, and for whatever can call C.
 *
 * A client asks a fleet of FastMixer servers for verdicts (may this request pass?) and hands them reports of finished requests. Most
 * checks are answered in the process, from verdicts kept there; reports leave in batches from a thread of the library; the servers look
 * like one that never fails.
 *
 *     fm_options options;
 *     fm_options_init(&options, sizeof options);
 *     const char *servers[] = {"tcp://127.0.0.1:9191"};
 *     options.addresses = servers;
 *     options.address_count = 1;
 *     fm_client *client;
 *     if (fm_client_create(&options, &client) != FM_OK) { puts(fm_last_error()); ... }
 *
 *     fm_key path;
 *     fm_client_key(client, "request.path", &path);         once, when the program starts
 *     fm_request *request;
 *     fm_request_create(client, NULL, &request);            one for each connection or worker, used again and again
 *     fm_result *result;
 *     fm_result_create(&result);
 *
 *     fm_request_reset(request, NULL);                      for each request
 *     fm_request_set_text(request, path, "/admin", FM_TERMINATED);
 *     if (fm_check(request, result) == FM_OK && fm_result_status(result) == FM_STATUS_OK) { ... it may pass ... }
 *     fm_request_set_int64(request, response_code, 200);    what is known after it
 *     fm_report(request);
 *
 * HANDLES. fm_client, fm_request, fm_prepared and fm_result stand for objects of the library. They are no addresses: never dereference
 * them. Whoever got one from an fm_..._create or fm_request_prepare owns it and calls the matching fm_..._free or fm_client_destroy once.
 * A handle that was given back, or is of another kind, is answered with FM_INVALID_HANDLE. Giving back NULL does nothing and is FM_OK.
 * Requests and prepared attributes belong to their client and must be given back before it is destroyed; results belong to nobody and may
 * outlive it.
 *
 * TEXT is UTF-8. What is handed in is copied before the call returns. Its length is in bytes; FM_TERMINATED as a length means that the
 * text ends with a NUL. What is handed out ends with a NUL that its length does not count, belongs to the library, and says how long it
 * lives.
 *
 * UNITS stand in the names: _ms are milliseconds, _ns are nanoseconds. Timestamps are nanoseconds since 1970-01-01T00:00:00Z.
 *
 * THREADS. Any thread may use a client, keys and prepared attributes, at the same time as others. A request and a result belong to one
 * thread at a time. Only fm_check, fm_client_flush and fm_client_destroy wait; nothing else does.
 *
 * ERRORS. Functions return FM_OK or a negative fm_code unless they say otherwise; functions that return text return NULL. fm_last_error()
 * tells this thread what was wrong. A check that no server answers is no error: fm_result_origin() says FM_ORIGIN_STALE or
 * FM_ORIGIN_UNAVAILABLE then. No function ends the process or throws.
 *
 * THE PROCESS. The library brings a garbage collected heap and a few threads, uses SIGSEGV and a real-time signal for itself (handlers
 * that were there before still get what is not its own), can't be unloaded, and does not survive fork() in the child: create clients
 * after a server has forked its workers.
 *
 * EVOLUTION. Numbers and the meaning of fields never change; structs grow at their end only, and say their size, so that a program built
 * with an older header works with a newer library, and one built with a newer header works with an older library as long as it leaves
 * what that does not know at 0.
 */
#ifndef FASTMIXER_H
#define FASTMIXER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface. It grows with every addition. */
#define FM_ABI_VERSION 1

/* As a length: the text ends with a NUL. */
#define FM_TERMINATED ((size_t)-1)

/* An object of the library; see HANDLES above. */
typedef struct fm_client fm_client;
typedef struct fm_request fm_request;
typedef struct fm_prepared fm_prepared;
typedef struct fm_result fm_result;

/* The key of an attribute of one client, from fm_client_key or fm_request_key. Lives as long as the client. */
typedef int32_t fm_key;

/* What functions return. */
enum fm_code {
    FM_OK = 0,
    FM_INVALID_ARGUMENT = -1, /* NULL where something must be, a number out of its range, an attribute of another type */
    FM_INVALID_HANDLE = -2,   /* given back already, or of another kind */
    FM_REFUSED = -3,          /* a server has found the request's attributes wrong, such as one of another type than its policy declares */
    FM_CLOSED = -4,           /* the client was destroyed meanwhile */
    FM_TIMEOUT = -5,          /* not done in the time given */
    FM_DROPPED = -6,          /* a report that could not be kept; counted in fm_statistics */
    FM_WRONG_THREAD = -7,     /* a call that waits, made in a callback */
    FM_INTERNAL = -8          /* a fault of the library; please report its text */
};

/* The status of a verdict: google.rpc.Code. Anything but FM_STATUS_OK is a denial; further numbers may come. */
enum fm_status {
    FM_STATUS_OK = 0,
    FM_STATUS_CANCELLED = 1,
    FM_STATUS_UNKNOWN = 2,
    FM_STATUS_INVALID_ARGUMENT = 3,
    FM_STATUS_DEADLINE_EXCEEDED = 4,
    FM_STATUS_NOT_FOUND = 5,
    FM_STATUS_ALREADY_EXISTS = 6,
    FM_STATUS_PERMISSION_DENIED = 7,
    FM_STATUS_RESOURCE_EXHAUSTED = 8,
    FM_STATUS_FAILED_PRECONDITION = 9,
    FM_STATUS_ABORTED = 10,
    FM_STATUS_OUT_OF_RANGE = 11,
    FM_STATUS_UNIMPLEMENTED = 12,
    FM_STATUS_INTERNAL = 13,
    FM_STATUS_UNAVAILABLE = 14,
    FM_STATUS_DATA_LOSS = 15,
    FM_STATUS_UNAUTHENTICATED = 16
};

/* Where a verdict came from. */
enum fm_origin {
    FM_ORIGIN_SERVER = 0,     /* a server has answered this check */
    FM_ORIGIN_CACHE = 1,      /* kept in this process */
    FM_ORIGIN_STALE = 2,      /* kept in this process, beyond its time, since no server answers (stale_ms) */
    FM_ORIGIN_UNAVAILABLE = 3 /* nobody's: no server answers, nothing is kept, and when_unavailable decided */
};

/* What becomes of a check that no server answers and for which nothing is kept. */
enum fm_failure_mode {
    FM_FAIL_CLOSED = 0, /* it is denied as FM_STATUS_UNAVAILABLE */
    FM_FAIL_OPEN = 1    /* it is allowed */
};

/* The types of attributes, as policies declare them; text means UTF-8. */
enum fm_type {
    FM_TYPE_STRING = 1,        /* text */
    FM_TYPE_INT64 = 2,
    FM_TYPE_DOUBLE = 3,
    FM_TYPE_BOOL = 4,
    FM_TYPE_TIMESTAMP = 5,     /* nanoseconds since 1970-01-01T00:00:00Z */
    FM_TYPE_IP_ADDRESS = 6,    /* 4 or 16 bytes, in network order */
    FM_TYPE_EMAIL_ADDRESS = 7, /* text */
    FM_TYPE_URI = 8,           /* text */
    FM_TYPE_DNS_NAME = 9,      /* text */
    FM_TYPE_DURATION = 10,     /* nanoseconds */
    FM_TYPE_STRING_MAP = 11,   /* from text to text */
    FM_TYPE_BYTES = 12
};

/* What an operation of a verdict does to a header. */
enum fm_header_operation_kind {
    FM_HEADER_REPLACE = 0, /* it has this value and no other, whether it was there or not */
    FM_HEADER_REMOVE = 1,  /* all fields of this name go */
    FM_HEADER_APPEND = 2   /* one more field comes behind those that are there */
};

/* Levels of the log. */
enum fm_log_level {
    FM_LOG_INFORMATION = 2,
    FM_LOG_WARNING = 3,
    FM_LOG_ERROR = 4
};

/*
 * ---- the client
 * ----------------------------------------------------------------------------------------------------------------------------------
 */

/* An attribute beyond the standard vocabulary (spec/attributes.txt), as the policy's attributemanifest declares it. */
typedef struct fm_attribute_definition {
    const char *name; /* ends with a NUL */
    int32_t type;     /* fm_type */
} fm_attribute_definition;

/* What happens to checks of one destination when nobody answers. */
typedef struct fm_destination_failure_mode {
    const char *service; /* the value of destination.service.name; ends with a NUL */
    int32_t mode;        /* fm_failure_mode */
} fm_destination_failure_mode;

/*
 * Sets what every request of the client has, such as its workload's name: said to a server once for each connection. Called once, by the
 * thread that creates the client, before fm_client_create returns. `request` takes fm_request_key and fm_request_set_..., and is valid
 * during the call only.
 */
typedef void (*fm_base_callback)(void *context, fm_request *request);

/*
 * Told of servers that fail and come back, and of reports that are lost. Called by any thread of the library, by several at once, until
 * fm_client_destroy has returned; must not wait. `text` ends with a NUL and is valid during the call only.
 */
typedef void (*fm_log_callback)(void *context, int32_t level, const char *text);

/*
 * How a client is made. Filled by fm_options_init with what is told here in brackets; read by fm_client_create, which keeps none of its
 * pointers but the contexts.
 */
typedef struct fm_options {
    size_t size; /* set by fm_options_init */

    /* The servers, at least one: tcp://host:port, unix:///path, udp://host:port, dns://name:port or srv://_service._tcp.name. [none] */
    const char *const *addresses;
    size_t address_count;

    /* What the client calls itself towards the servers' operators, at most 256 bytes. [fastmixer-client] */
    const char *name;

    /* How long a check may take, with all the servers it tries, 1 ms to a day. [1,000] */
    int64_t timeout_ms;

    /* How many verdicts are kept at most, 0 to 16,777,216; 0 keeps none. [10,000] */
    int64_t cache_entries;

    /* The memory for them, allocated at once, 64 KiB to 16 GiB. [8 MiB] */
    int64_t cache_bytes;

    /* How long beyond its time a verdict is still used while no server answers, 0 to a day. [300,000] */
    int64_t stale_ms;

    /* fm_failure_mode. [FM_FAIL_CLOSED] */
    int32_t when_unavailable;

    /* 1 takes amounts from quotas ahead, by recent demand; 0 asks a server for each. [1] */
    int32_t quota_prefetch;

    /* The same as when_unavailable for single destinations. [none] */
    const fm_destination_failure_mode *when_unavailable_for;
    size_t when_unavailable_for_count;

    /* Attributes beyond the standard vocabulary. [none] */
    const fm_attribute_definition *attributes;
    size_t attribute_count;

    /* How many records leave together at most, 1 to 10,000. [100] */
    int32_t report_batch_records;

    /* How long a record waits for others at most, 1 ms to a minute. [1,000] */
    int32_t report_batch_ms;

    /* The memory for records that wait, 64 KiB to 1 GiB. When it is full the oldest are dropped, and counted. [4 MiB] */
    int64_t report_buffer_bytes;

    /* What every request has. [none] */
    fm_base_callback base;
    void *base_context;

    /* The log. [none] */
    fm_log_callback log;
    void *log_context;
} fm_options;

/* The FM_ABI_VERSION of the library. */
uint32_t fm_abi_version(void);

/* The version of the library, such as "0.1.0"; lives as long as the process. */
const char *fm_version(void);

/* What was wrong with the last call of this thread that has failed, never NULL. Valid until the next one fails. */
const char *fm_last_error(void);

/* Fills options with what a sidecar uses. `size` is sizeof(fm_options). */
int32_t fm_options_init(fm_options *options, size_t size);

/* A client; it begins to connect at once and does not wait for it. */
int32_t fm_client_create(const fm_options *options, fm_client **client);

/*
 * Sends the records that wait, gives unused quotas back, closes the connections, and waits until every callback has returned: afterwards
 * the library calls nothing of this client. Checks in flight end with FM_CLOSED, or as if no server had answered. FM_WRONG_THREAD in a
 * callback.
 */
int32_t fm_client_destroy(fm_client *client);

/* The key of an attribute by its name; a second call of the same name gives the same key. Looks a table up: do it once. */
int32_t fm_client_key(fm_client *client, const char *name, fm_key *key);

/* Sends the records that wait, and waits until servers have taken them, at most timeout_ms. FM_WRONG_THREAD in a callback. */
int32_t fm_client_flush(fm_client *client, int64_t timeout_ms);

/*
 * ---- requests
 * ------------------------------------------------------------------------------------------------------------------------------------
 */

/* A key and a value of a string map. */
typedef struct fm_entry {
    const char *key;
    size_t key_length;
    const char *value;
    size_t value_length;
} fm_entry;

/*
 * Attributes to fill. They start from `prepared`, or from the client's base alone if that is NULL. Make one for each connection or worker
 * and fm_request_reset it for each request: nothing allocates then once it has grown to its requests.
 */
int32_t fm_request_create(fm_client *client, const fm_prepared *prepared, fm_request **request);

/* Gives it back. */
int32_t fm_request_free(fm_request *request);

/* Forgets what was set and asked for, and starts from `prepared` or, if that is NULL, from the client's base. */
int32_t fm_request_reset(fm_request *request, const fm_prepared *prepared);

/* The same as fm_client_key, where only a request is at hand. */
int32_t fm_request_key(fm_request *request, const char *name, fm_key *key);

/*
 * Each sets an attribute, again if it was set before. FM_INVALID_ARGUMENT if it is of another type; fm_request_set_text is for the four
 * types of text.
 */
int32_t fm_request_set_text(fm_request *request, fm_key key, const char *text, size_t length);
int32_t fm_request_set_int64(fm_request *request, fm_key key, int64_t value);
int32_t fm_request_set_double(fm_request *request, fm_key key, double value);
int32_t fm_request_set_bool(fm_request *request, fm_key key, int32_t value);
int32_t fm_request_set_timestamp(fm_request *request, fm_key key, int64_t since_1970_ns);
int32_t fm_request_set_duration(fm_request *request, fm_key key, int64_t duration_ns);
int32_t fm_request_set_ip(fm_request *request, fm_key key, const uint8_t *address, size_t length); /* 4 or 16 bytes, in network order */
int32_t fm_request_set_bytes(fm_request *request, fm_key key, const uint8_t *bytes, size_t length);
int32_t fm_request_set_map(fm_request *request, fm_key key, const fm_entry *entries, size_t count); /* keys must be distinct */

/* Takes an attribute away, also one that would be inherited. */
int32_t fm_request_remove(fm_request *request, fm_key key);

/*
 * Asks the next checks of this request, until it is reset, for an amount of a quota too; at most 16 of them. Below 0 gives back. With
 * best_effort less than asked may be granted; a quota that grants nothing denies the request as FM_STATUS_RESOURCE_EXHAUSTED.
 */
int32_t fm_request_take(fm_request *request, const char *quota, int64_t amount, int32_t best_effort);

/* What is set now, to start other requests of the client from: inherited without a copy, and used by any number of threads. */
int32_t fm_request_prepare(fm_request *request, fm_prepared **prepared);

/* Gives it back. Requests that started from it keep what they have. */
int32_t fm_prepared_free(fm_prepared *prepared);

/* Hands over a record of a finished request: all that is set. Never waits. FM_DROPPED if it can't be kept. */
int32_t fm_report(fm_request *request);

/*
 * ---- checks
 * --------------------------------------------------------------------------------------------------------------------------------------
 */

/*
 * Asks whether a request may pass, and waits for the answer, at most timeout_ms of the client; returns at once if a verdict is kept. On
 * FM_OK `result` tells the answer, whatever it is; else it tells nothing. FM_REFUSED, FM_CLOSED, and FM_WRONG_THREAD in a callback.
 */
int32_t fm_check(fm_request *request, fm_result *result);

/*
 * Told the end of a check. `code` is what fm_check would have returned; on FM_OK `result` tells the answer, else it is NULL and
 * fm_last_error() says why. `result` is valid during the call only. `is_inline` is 1 if the thread that called fm_check_async calls,
 * before that returns, because the verdict was kept; 0 if a thread of the library does. In the latter case other answers may wait behind
 * this callback: hand work over to threads of your own. A callback must not use the request of its check while is_inline is 0 and another
 * thread may use it, and may call whatever does not wait.
 */
typedef void (*fm_check_callback)(void *context, int32_t code, const fm_result *result, int32_t is_inline);

/*
 * Asks without waiting. Returns FM_OK if `callback` was or will be called, exactly once, and else the error, and does not call it. The
 * request may be used for something else once this has returned; what it asked for is taken along.
 */
int32_t fm_check_async(fm_request *request, fm_check_callback callback, void *context);

/*
 * ---- results
 * -------------------------------------------------------------------------------------------------------------------------------------
 */

/* Room for an answer, to be used for one check after another. */
int32_t fm_result_create(fm_result **result);

/* Gives it back. */
int32_t fm_result_free(fm_result *result);

/* fm_status, or a negative fm_code. */
int32_t fm_result_status(const fm_result *result);

/*
 * The HTTP status for a request that may not pass: the direct response's, else that of protocol.md, section 3; 200 if it may. Or a
 * negative fm_code.
 */
int32_t fm_result_http_status(const fm_result *result);

/* fm_origin, or a negative fm_code. */
int32_t fm_result_origin(const fm_result *result);

/*
 * Why it may not pass; empty if it may. `length`, unless NULL, is told its bytes. This and all other text of a result is valid until the
 * result is used for another check or given back.
 */
const char *fm_result_message(const fm_result *result, size_t *length);

/* The HTTP status of the reply that the proxy gives itself, 200 to 599; 0 if there is none. Or a negative fm_code. */
int32_t fm_result_response_status(const fm_result *result);

/* The content of that reply. May have NULs within. */
const char *fm_result_response_body(const fm_result *result, size_t *length);

/* A change of a header. Text is valid as long as that of its result. */
typedef struct fm_header_operation {
    int32_t kind; /* fm_header_operation_kind */
    const char *name;
    size_t name_length;
    const char *value; /* empty for FM_HEADER_REMOVE */
    size_t value_length;
} fm_header_operation;

/*
 * How many changes there are of the request's headers on their way to the service, and of the response's on their way back (protocol.md,
 * section 3, says when a proxy applies them); or a negative fm_code. And one of them, by its index.
 */
int32_t fm_result_request_operation_count(const fm_result *result);
int32_t fm_result_request_operation(const fm_result *result, int32_t index, fm_header_operation *operation);
int32_t fm_result_response_operation_count(const fm_result *result);
int32_t fm_result_response_operation(const fm_result *result, int32_t index, fm_header_operation *operation);

/* What was granted of a quota. */
typedef struct fm_grant {
    const char *quota; /* valid as long as the text of its result */
    size_t quota_length;
    int64_t granted;   /* 0 is a denial */
    int64_t valid_ms;
} fm_grant;

/*
 * How many quotas were answered, 0 if the request may not pass for another reason; or a negative fm_code. And one of them, in the order
 * asked.
 */
int32_t fm_result_grant_count(const fm_result *result);
int32_t fm_result_grant(const fm_result *result, int32_t index, fm_grant *grant);

/*
 * ---- statistics
 * ----------------------------------------------------------------------------------------------------------------------------------
 */

/* What a client has counted since it was made. A count may lag behind by what other threads do at the moment. */
typedef struct fm_statistics {
    size_t size; /* set it to sizeof(fm_statistics) */

    int64_t hits;               /* checks answered from kept verdicts in their time */
    int64_t answers;            /* answers of servers, renewals included */
    int64_t answer_time_ns;     /* how long they took, all together */
    int64_t shared;             /* checks that waited for another's question */
    int64_t renewals;           /* verdicts that a server gave again before their time was over */
    int64_t stale;              /* checks answered from verdicts beyond their time */
    int64_t failed_open;        /* checks allowed because nobody answered */
    int64_t failed_closed;      /* checks denied because nobody answered */
    int64_t refused;            /* checks that a server refused as wrong */
    int64_t not_kept;           /* reusable verdicts that could not be kept */

    int64_t records;            /* records handed over = acknowledged + unacknowledged + held + all that were dropped */
    int64_t acknowledged;       /* records that a server has taken */
    int64_t unacknowledged;     /* records sent that may have arrived: their acknowledgement never came */
    int64_t held;               /* records that wait to be sent, or for their acknowledgement */
    int64_t retried;            /* records that were sent once more; one may be counted several times */
    int64_t dropped_full;       /* dropped as the oldest when the buffer was full */
    int64_t dropped_refused;    /* dropped since servers had no room for them for too long */
    int64_t dropped_unavailable; /* dropped since no server could be reached for too long */
    int64_t dropped_rejected;   /* dropped since a server refused their batch for good */
    int64_t dropped_too_large;  /* dropped since they are larger than records may be */
    int64_t dropped_shutdown;   /* dropped since the client was destroyed before they could be sent */
} fm_statistics;

/* Fills statistics, as far as their size goes. */
int32_t fm_client_statistics(fm_client *client, fm_statistics *statistics);

#ifdef __cplusplus
}
#endif

#endif
