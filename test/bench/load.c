/*
 * Load on a Kafka broker through librdkafka, and one JSON line of figures:
 *   load produce BOOTSTRAP TOPIC COUNT SIZE [NAME=VALUE...]   as fast as it goes
 *   load consume BOOTSTRAP TOPIC COUNT [NAME=VALUE...]        partition 0 from its beginning
 *   load latency BOOTSTRAP TOPIC RATE SECONDS SIZE [NAME=VALUE...]
 *                                     linger 0; from produce() to the acknowledgement
 *   load first BOOTSTRAP TOPIC        until one record is acknowledged, trying all the time
 */
#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void die(const char *what) {
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char why[256];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) die(why);
}

static void set_all(rd_kafka_conf_t *conf, int count, char **pairs) {
    for (int i = 0; i < count; i++) {
        char *equals = strchr(pairs[i], '=');
        if (!equals) die("a configuration is NAME=VALUE");
        *equals = 0;
        set(conf, pairs[i], equals + 1);
    }
}

static rd_kafka_t *open_client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char why[256];
    rd_kafka_t *client = rd_kafka_new(type, conf, why, sizeof why);
    if (!client) die(why);
    return client;
}

static int64_t acked, failed;
static int64_t *latencies_us;
static int64_t latency_count, latency_max;

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    (void)rk;
    (void)opaque;
    if (message->err) {
        if (failed++ == 0 && strcmp(rd_kafka_err2name(message->err), "UNKNOWN_TOPIC_OR_PART") != 0)
            fprintf(stderr, "load: %s\n", rd_kafka_err2str(message->err));
        return;
    }
    acked++;
    if (latencies_us && message->_private && latency_count < latency_max)
        latencies_us[latency_count++] = now_us() - (int64_t)(intptr_t)message->_private;
}

static char *payload_of(size_t size) {
    char *payload = malloc(size);
    uint32_t seed = 12345;
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1103515245u + 12345u;
        payload[i] = (char)('A' + (seed >> 16) % 26);
    }
    return payload;
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void produce(int argc, char **argv) {
    int64_t count = atoll(argv[4]);
    size_t size = (size_t)atoll(argv[5]);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", argv[2]);
    set(conf, "linger.ms", "5");
    set(conf, "queue.buffering.max.messages", "500000");
    set_all(conf, argc - 6, argv + 6);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_t *client = open_client(RD_KAFKA_PRODUCER, conf);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, argv[3], NULL);
    const struct rd_kafka_metadata *metadata;
    if (rd_kafka_metadata(client, 0, topic, &metadata, 10000)) die("no metadata");
    rd_kafka_metadata_destroy(metadata);
    char *payload = payload_of(size);
    double cpu = cpu_seconds();
    int64_t start = now_us();
    for (int64_t i = 0; i < count; i++) {
        while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, 0, payload, size, NULL, 0, NULL) != 0) {
            if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
                die(rd_kafka_err2str(rd_kafka_last_error()));
            rd_kafka_poll(client, 5);
        }
        if (i % 256 == 0) rd_kafka_poll(client, 0);
    }
    while (acked + failed < count) rd_kafka_poll(client, 100);
    double seconds = (double)(now_us() - start) / 1e6;
    printf("{\"records\":%lld,\"failed\":%lld,\"seconds\":%.4f,\"cpuSeconds\":%.4f}\n",
           (long long)acked, (long long)failed, seconds, cpu_seconds() - cpu);
}

static void consume(int argc, char **argv) {
    int64_t count = atoll(argv[4]), got = 0, bytes = 0;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", argv[2]);
    set(conf, "group.id", "load");
    set(conf, "queued.min.messages", "1000000");
    set(conf, "fetch.message.max.bytes", "1048576");
    set_all(conf, argc - 5, argv + 5);
    rd_kafka_t *client = open_client(RD_KAFKA_CONSUMER, conf);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, argv[3], 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_poll_set_consumer(client);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(client);
    static rd_kafka_message_t *batch[10000];
    rd_kafka_assign(client, list);
    double cpu = cpu_seconds();
    int64_t start = 0, deadline = now_us() + 60000000;
    while (got < count) {
        ssize_t n = rd_kafka_consume_batch_queue(queue, 20, batch, 10000);
        if (n > 0 && start == 0) start = now_us();
        for (ssize_t i = 0; i < n; i++) {
            if (!batch[i]->err) {
                got++;
                bytes += (int64_t)batch[i]->len;
            }
            rd_kafka_message_destroy(batch[i]);
        }
        if (now_us() > deadline) die("not all records came within a minute");
    }
    double seconds = (double)(now_us() - start) / 1e6;
    printf("{\"records\":%lld,\"bytes\":%lld,\"seconds\":%.4f,\"cpuSeconds\":%.4f}\n",
           (long long)got, (long long)bytes, seconds, cpu_seconds() - cpu);
}

/* Asleep, and not turning round: whoever keeps one of two cores busy while waiting measures that. */
static void wait_until(rd_kafka_t *client, int64_t due) {
    rd_kafka_poll(client, 0);
    int64_t left = due - now_us();
    if (left > 1500) rd_kafka_poll(client, (int)(left / 1000));
    left = due - now_us();
    if (left <= 0) return;
    struct timespec ts = {.tv_sec = left / 1000000, .tv_nsec = left % 1000000 * 1000};
    nanosleep(&ts, NULL);
}

static void latency(int argc, char **argv) {
    double rate = atof(argv[4]);
    int64_t count = (int64_t)(rate * atof(argv[5]));
    size_t size = (size_t)atoll(argv[6]);
#ifdef __linux__
    /* Sleeps of this thread end when they should, and not up to 50 us later. */
    prctl(PR_SET_TIMERSLACK, 1);
#endif
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", argv[2]);
    set(conf, "linger.ms", "0");
    set_all(conf, argc - 7, argv + 7);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_t *client = open_client(RD_KAFKA_PRODUCER, conf);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, argv[3], NULL);
    char *payload = payload_of(size);
    latency_max = count;
    latencies_us = malloc(sizeof(int64_t) * (size_t)count);
    /* The first records pay for connections and are not counted. */
    for (int i = 0; i < 50; i++)
        rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, 0, payload, size, NULL, 0, NULL);
    rd_kafka_flush(client, 10000);
    acked = failed = 0;
    int64_t start = now_us();
    for (int64_t i = 0; i < count; i++) {
        int64_t due = start + (int64_t)((double)i * 1e6 / rate);
        /* Late records keep their due time as their start, so that a stall is not hidden. */
        wait_until(client, due);
        while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, 0, payload, size, NULL, 0,
                                (void *)(intptr_t)due) != 0)
            rd_kafka_poll(client, 1);
        rd_kafka_poll(client, 0);
    }
    while (acked + failed < count) rd_kafka_poll(client, 10);
    qsort(latencies_us, (size_t)latency_count, sizeof(int64_t), compare);
#define AT(q) (long long)latencies_us[(int64_t)((double)(latency_count - 1) * (q))]
    printf("{\"records\":%lld,\"failed\":%lld,\"p50Us\":%lld,\"p99Us\":%lld,\"p999Us\":%lld}\n",
           (long long)acked, (long long)failed, AT(0.5), AT(0.99), AT(0.999));
}

static void first(char **argv) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", argv[2]);
    set(conf, "linger.ms", "0");
    set(conf, "reconnect.backoff.ms", "10");
    set(conf, "reconnect.backoff.max.ms", "20");
    set(conf, "retry.backoff.ms", "10");
    set(conf, "topic.metadata.refresh.fast.interval.ms", "10");
    set(conf, "topic.metadata.propagation.max.ms", "60000");
    set(conf, "log_level", "0");
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_t *client = open_client(RD_KAFKA_PRODUCER, conf);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, argv[3], NULL);
    printf("{\"waiting\":true}\n");
    fflush(stdout);
    rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, 0, "first", 5, NULL, 0, NULL);
    int64_t deadline = now_us() + 90000000;
    while (acked == 0) {
        rd_kafka_poll(client, 2);
        if (now_us() > deadline) die("no record was acknowledged");
        /* A broker may name a topic's leader before that leader knows: try again. */
        if (failed && rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, 0, "first", 5, NULL, 0, NULL) == 0)
            failed = 0;
    }
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    printf("{\"ackedAtMs\":%lld.%03ld}\n", (long long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000,
           ts.tv_nsec / 1000 % 1000);
}

int main(int argc, char **argv) {
    if (argc >= 6 && !strcmp(argv[1], "produce")) produce(argc, argv);
    else if (argc >= 5 && !strcmp(argv[1], "consume")) consume(argc, argv);
    else if (argc >= 7 && !strcmp(argv[1], "latency")) latency(argc, argv);
    else if (argc >= 4 && !strcmp(argv[1], "first")) first(argv);
    else die("usage: load produce|consume|latency|first BOOTSTRAP TOPIC ...");
    /* The process ends here: closing a client would only wait. */
    fflush(stdout);
    _exit(0);
}
