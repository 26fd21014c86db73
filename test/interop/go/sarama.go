package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/IBM/sarama"
)

// sarama-round BOOTSTRAP TOPIC COUNT: an idempotent producer, then a reader of every partition.
func saramaRound(args []string) error {
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	config := sarama.NewConfig()
	config.Version = sarama.V4_0_0_0
	config.Producer.Return.Successes = true
	config.Producer.Idempotent = true
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Compression = sarama.CompressionZSTD
	config.Net.MaxOpenRequests = 1
	brokers := strings.Split(args[0], ",")
	producer, err := sarama.NewSyncProducer(brokers, config)
	if err != nil {
		return err
	}
	for i := range count {
		message := &sarama.ProducerMessage{Topic: args[1], Key: sarama.StringEncoder(fmt.Sprint(i)),
			Value: sarama.StringEncoder(fmt.Sprintf("sarama-%d", i))}
		if _, _, err := producer.SendMessage(message); err != nil {
			return err
		}
	}
	if err := producer.Close(); err != nil {
		return err
	}
	consumer, err := sarama.NewConsumer(brokers, config)
	if err != nil {
		return err
	}
	defer consumer.Close()
	partitions, err := consumer.Partitions(args[1])
	if err != nil {
		return err
	}
	messages := make(chan *sarama.ConsumerMessage, count)
	for _, partition := range partitions {
		reader, err := consumer.ConsumePartition(args[1], partition, sarama.OffsetOldest)
		if err != nil {
			return err
		}
		go func() {
			for message := range reader.Messages() {
				messages <- message
			}
		}()
	}
	for range count {
		select {
		case message := <-messages:
			say(map[string]any{"partition": message.Partition, "offset": message.Offset,
				"value": string(message.Value)})
		case <-time.After(20 * time.Second):
			return fmt.Errorf("no further record in 20 s")
		}
	}
	return nil
}

type saramaMember struct{ messages chan *sarama.ConsumerMessage }

func (saramaMember) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (saramaMember) Cleanup(sarama.ConsumerGroupSession) error { return nil }
func (member saramaMember) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for {
		select {
		case message, open := <-claim.Messages():
			if !open {
				return nil
			}
			session.MarkMessage(message, "")
			member.messages <- message
		case <-session.Context().Done():
			return nil
		}
	}
}

// sarama-group BOOTSTRAP TOPIC GROUP COUNT: one member reads everything and commits.
func saramaGroup(args []string) error {
	count, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	config := sarama.NewConfig()
	config.Version = sarama.V2_8_0_0
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	group, err := sarama.NewConsumerGroup(strings.Split(args[0], ","), args[2], config)
	if err != nil {
		return err
	}
	ctx, cancel := limit(30)
	defer cancel()
	member := saramaMember{make(chan *sarama.ConsumerMessage, count)}
	failed := make(chan error, 1)
	go func() {
		if err := group.Consume(ctx, []string{args[1]}, member); err != nil {
			failed <- err
		}
	}()
	for got := 0; got < count; got++ {
		select {
		case <-member.messages:
		case err := <-failed:
			return err
		case <-ctx.Done():
			return fmt.Errorf("read %d of %d: %w", got, count, context.Cause(ctx))
		}
	}
	if err := group.Close(); err != nil {
		return err
	}
	say(map[string]any{"records": count})
	return nil
}
