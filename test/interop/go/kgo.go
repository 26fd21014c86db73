package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

type seen struct {
	Partition int32             `json:"partition"`
	Offset    int64             `json:"offset"`
	Key       string            `json:"key"`
	Value     string            `json:"value"`
	Headers   map[string]string `json:"headers"`
	Timestamp int64             `json:"timestampMs"`
}

func seenOf(record *kgo.Record) seen {
	headers := map[string]string{}
	for _, header := range record.Headers {
		headers[header.Key] = string(header.Value)
	}
	return seen{record.Partition, record.Offset, string(record.Key), string(record.Value), headers,
		record.Timestamp.UnixMilli()}
}

// kgo-produce BOOTSTRAP TOPIC COUNT CODEC: idempotent, acks=all, which is franz-go's default.
func kgoProduce(args []string) error {
	codecs := map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	client, err := connect(args[0], kgo.ProducerBatchCompression(codecs[args[3]]))
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := limit(30)
	defer cancel()
	var records []*kgo.Record
	for i := range count {
		records = append(records, &kgo.Record{
			Topic: args[1], Key: []byte(fmt.Sprintf("key-%d", i)),
			Value:   []byte(fmt.Sprintf("%s-%d-%s", args[3], i, strings.Repeat("x", 200))),
			Headers: []kgo.RecordHeader{{Key: "codec", Value: []byte(args[3])}},
		})
	}
	for _, result := range client.ProduceSync(ctx, records...) {
		if result.Err != nil {
			return result.Err
		}
		say(seenOf(result.Record))
	}
	return nil
}

// kgo-consume BOOTSTRAP TOPIC COUNT START: START is "start", an offset, or "@" and a time in ms.
func kgoConsume(args []string) error {
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	start := kgo.NewOffset().AtStart()
	if number, isTime := strings.CutPrefix(args[3], "@"); args[3] != "start" {
		at, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return err
		}
		start = kgo.NewOffset().At(at)
		if isTime {
			start = kgo.NewOffset().AfterMilli(at)
		}
	}
	client, err := connect(args[0], kgo.ConsumeTopics(args[1]), kgo.ConsumeResetOffset(start))
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := limit(30)
	defer cancel()
	for got := 0; got < count; {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return err
		}
		fetches.EachRecord(func(record *kgo.Record) {
			got++
			say(seenOf(record))
		})
	}
	return nil
}

// kgo-group BOOTSTRAP TOPIC GROUP COUNT: two members share the topic; the second joins after the
// first has partitions (cooperative), commits at the end.
func kgoGroup(args []string) error {
	count, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	ctx, cancel := limit(40)
	defer cancel()
	type assignment struct {
		Member   int     `json:"member"`
		Assigned []int32 `json:"assigned"`
		Revoked  []int32 `json:"revoked"`
	}
	events := make(chan assignment, 100)
	start := func(member int) (*kgo.Client, error) {
		return connect(args[0], kgo.ConsumeTopics(args[1]), kgo.ConsumerGroup(args[2]),
			kgo.DisableAutoCommit(), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
			kgo.HeartbeatInterval(300*time.Millisecond),
			kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, given map[string][]int32) {
				events <- assignment{member, given[args[1]], nil}
			}),
			kgo.OnPartitionsRevoked(func(_ context.Context, _ *kgo.Client, lost map[string][]int32) {
				events <- assignment{member, nil, lost[args[1]]}
			}))
	}
	first, err := start(1)
	if err != nil {
		return err
	}
	defer first.Close()
	wait := func(member int) error {
		for {
			select {
			case event := <-events:
				say(event)
				if event.Member == member && len(event.Assigned) > 0 {
					return nil
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	if err := wait(1); err != nil {
		return err
	}
	second, err := start(2)
	if err != nil {
		return err
	}
	defer second.Close()
	if err := wait(2); err != nil {
		return err
	}
	byMember := map[string]int{}
	values := map[string]bool{}
	for total := 0; total < count; {
		for member, client := range map[string]*kgo.Client{"1": first, "2": second} {
			short, cancelShort := context.WithTimeout(ctx, 500*time.Millisecond)
			fetches := client.PollFetches(short)
			cancelShort()
			fetches.EachRecord(func(record *kgo.Record) {
				if !values[string(record.Value)] {
					total++
				}
				values[string(record.Value)] = true
				byMember[member]++
			})
		}
		if ctx.Err() != nil {
			return fmt.Errorf("read %d of %d: %w", total, count, ctx.Err())
		}
	}
	for _, client := range []*kgo.Client{first, second} {
		if err := client.CommitUncommittedOffsets(ctx); err != nil {
			return err
		}
	}
	say(map[string]any{"records": len(values), "byMember": byMember})
	return nil
}

// kgo-admin BOOTSTRAP TOPIC GROUP: the admin calls, each answer as a line.
func kgoAdmin(args []string) error {
	client, err := connect(args[0])
	if err != nil {
		return err
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	ctx, cancel := limit(30)
	defer cancel()
	value := "60000"
	created, err := admin.CreateTopic(ctx, 3, 1, map[string]*string{"retention.ms": &value}, args[1])
	if err != nil {
		return err
	}
	say(map[string]any{"step": "create", "partitions": created.NumPartitions,
		"replicationFactor": created.ReplicationFactor})
	_, err = admin.CreateTopic(ctx, 3, 1, nil, args[1])
	say(map[string]any{"step": "create again", "error": fmt.Sprint(err)})
	_, err = admin.CreateTopic(ctx, 3, 9, nil, args[1]+"-9")
	say(map[string]any{"step": "replication factor 9", "error": fmt.Sprint(err)})
	configs, err := admin.DescribeTopicConfigs(ctx, args[1])
	if err != nil {
		return err
	}
	for _, config := range configs[0].Configs {
		if config.Key == "retention.ms" {
			say(map[string]any{"step": "config", "value": config.MaybeValue(),
				"source": config.Source.String()})
		}
	}
	if _, err := admin.UpdatePartitions(ctx, 5, args[1]); err != nil {
		return err
	}
	details, err := admin.ListTopics(ctx, args[1])
	if err != nil {
		return err
	}
	say(map[string]any{"step": "partitions", "count": len(details[args[1]].Partitions)})
	ends, err := admin.ListEndOffsets(ctx, args[1])
	if err != nil {
		return err
	}
	say(map[string]any{"step": "end offsets", "count": len(ends[args[1]])})
	offsets := kadm.Offsets{}
	offsets.AddOffset(args[1], 1, 0, -1)
	if err := admin.CommitAllOffsets(ctx, args[2], offsets); err != nil {
		return err
	}
	fetched, err := admin.FetchOffsets(ctx, args[2])
	if err != nil {
		return err
	}
	committed, found := fetched.Lookup(args[1], 1)
	say(map[string]any{"step": "committed", "offset": committed.At, "found": found})
	groups, err := admin.DescribeGroups(ctx, args[2])
	if err != nil {
		return err
	}
	say(map[string]any{"step": "group", "state": groups[args[2]].State})
	if _, err := admin.DeleteGroup(ctx, args[2]); err != nil {
		return err
	}
	deleted, err := admin.DeleteTopics(ctx, args[1])
	if err != nil {
		return err
	}
	say(map[string]any{"step": "delete", "error": fmt.Sprint(deleted[args[1]].Err)})
	return nil
}

// kgo-stream BOOTSTRAP TOPIC PREFIX: produces PREFIX-0, PREFIX-1, … with acks=all until it is
// ended, and says each record that was acknowledged. For crash tests.
func kgoStream(args []string) error {
	client, err := connect(args[0], kgo.ProducerLinger(time.Millisecond),
		kgo.MaxBufferedRecords(200), kgo.RecordPartitioner(kgo.RoundRobinPartitioner()))
	if err != nil {
		return err
	}
	defer client.Close()
	for i := 0; ; i++ {
		record := &kgo.Record{Topic: args[1], Value: []byte(fmt.Sprintf("%s-%d", args[2], i))}
		client.Produce(context.Background(), record, func(record *kgo.Record, err error) {
			if err == nil {
				fmt.Printf("%d %d %s\n", record.Partition, record.Offset, record.Value)
			}
		})
	}
}

// kgo-dump BOOTSTRAP TOPIC: every record up to the end offsets, as "partition offset value".
func kgoDump(args []string) error {
	ctx, cancel := limit(30)
	defer cancel()
	client, err := connect(args[0], kgo.ConsumeTopics(args[1]),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		return err
	}
	defer client.Close()
	ends, err := kadm.NewClient(client).ListEndOffsets(ctx, args[1])
	if err == nil {
		err = ends.Error()
	}
	// A leader that is just elected says so until it knows what is committed.
	for kerr.IsRetriable(err) && ctx.Err() == nil {
		time.Sleep(100 * time.Millisecond)
		if ends, err = kadm.NewClient(client).ListEndOffsets(ctx, args[1]); err == nil {
			err = ends.Error()
		}
	}
	if err != nil {
		return err
	}
	rest := map[int32]int64{}
	for partition, end := range ends[args[1]] {
		if end.Offset > 0 {
			rest[partition] = end.Offset
		}
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for len(rest) > 0 {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return err
		}
		fetches.EachRecord(func(record *kgo.Record) {
			fmt.Fprintf(out, "%d %d %s\n", record.Partition, record.Offset, record.Value)
			if record.Offset+1 >= rest[record.Partition] {
				delete(rest, record.Partition)
			}
		})
	}
	return nil
}

// kgo-commit BOOTSTRAP TOPIC GROUP [OFFSET]: commits for partition 0 when an offset is given, and
// says what is committed.
func kgoCommit(args []string) error {
	client, err := connect(args[0])
	if err != nil {
		return err
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	ctx, cancel := limit(30)
	defer cancel()
	if len(args) > 3 {
		at, err := strconv.ParseInt(args[3], 10, 64)
		if err != nil {
			return err
		}
		offsets := kadm.Offsets{}
		offsets.AddOffset(args[1], 0, at, -1)
		if err := admin.CommitAllOffsets(ctx, args[2], offsets); err != nil {
			return err
		}
	}
	fetched, err := admin.FetchOffsets(ctx, args[2])
	if err != nil {
		return err
	}
	committed, _ := fetched.Lookup(args[1], 0)
	say(map[string]any{"offset": committed.At})
	return nil
}

func connect(bootstrap string, options ...kgo.Opt) (*kgo.Client, error) {
	seeds := kgo.SeedBrokers(strings.Split(bootstrap, ",")...)
	return kgo.NewClient(append([]kgo.Opt{seeds, kgo.AllowAutoTopicCreation()}, options...)...)
}

func limit(seconds int) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Duration(seconds)*time.Second)
}
