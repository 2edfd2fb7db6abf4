package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/hibiken/asynq"
)

var printing sync.Mutex

func printLine(value any) {
	bytes, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	printing.Lock()
	defer printing.Unlock()
	fmt.Println(string(bytes))
}

// Handles every type: payload "fail" is an error, "wait" ends when it is cancelled, anything else is answered
// with "seen " and itself.
func handle(ctx context.Context, task *asynq.Task) error {
	id, _ := asynq.GetTaskID(ctx)
	retried, _ := asynq.GetRetryCount(ctx)
	printLine(map[string]any{"id": id, "type": task.Type(), "payload": string(task.Payload()),
		"headers": task.Headers(), "retried": retried})
	switch string(task.Payload()) {
	case "fail":
		return errors.New("no luck")
	case "wait":
		<-ctx.Done()
		return ctx.Err()
	}
	_, err := task.ResultWriter().Write([]byte("seen " + string(task.Payload())))
	return err
}

func consume(redis asynq.RedisClientOpt, queues []string) error {
	weights := map[string]int{}
	for _, queue := range queues {
		weights[queue] = 1
	}
	server := asynq.NewServer(redis, asynq.Config{
		Concurrency:              2,
		Queues:                   weights,
		LogLevel:                 asynq.FatalLevel,
		TaskCheckInterval:        100 * time.Millisecond,
		DelayedTaskCheckInterval: 200 * time.Millisecond,
	})
	if err := server.Start(asynq.HandlerFunc(handle)); err != nil {
		return err
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	<-end
	server.Shutdown()
	return nil
}
